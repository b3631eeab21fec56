/**
 * The form where a visitor enters a name.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { username } from "@/lib/model/schema/text.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt, sentence } from "./form.ts";
import { safeNext } from "./page_context.ts";

/** A redirect with the name in a cookie, or what to draw the form with again. */
export type Joined =
  | { readonly response: Response }
  | { readonly next: string; readonly name: string; readonly problem: string };

/** Handles a form with the fields `name` and `next`. */
export async function join(ctx: Context<State>): Promise<Joined> {
  const field = await readFields(ctx.req);
  const next = safeNext(field("next"));
  const name = username.safeParse(field("name"));
  if (!name.success) return { next, name: field("name"), problem: sentence(name.error) };
  const { chat, secure } = ctx.state;
  const guest = await attempt(() => chat.gate.execute("becomeGuest", ctx.state, { name: name.data }));
  if (guest instanceof ChatError) return { next, name: name.data, problem: guest.message };
  const response = ctx.redirect(next, 303);
  setGuestCookie(response.headers, secure, guest.token);
  return { response };
}
