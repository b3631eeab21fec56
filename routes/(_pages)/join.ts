/**
 * Somebody gives a name.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { username } from "@/lib/model/schema/text.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { resolveAuthor } from "@/lib/http/authenticate.ts";
import { readFields, sentence } from "./form.ts";
import { safeNext } from "./page_context.ts";

/** The way on with the name in a cookie, or what to draw the form with again. */
export type Joined =
  | { readonly response: Response }
  | { readonly next: string; readonly name: string; readonly problem: string };

/** Answers a form with the fields `name` and `next`. */
export async function join(ctx: Context<State>): Promise<Joined> {
  const field = await readFields(ctx.req);
  const next = safeNext(field("next"));
  const name = username.safeParse(field("name"));
  if (!name.success) return { next, name: field("name"), problem: sentence(name.error) };
  const { chat, secure } = ctx.state;
  try {
    const { issued } = await resolveAuthor(chat, null, name.data) ?? {};
    const response = ctx.redirect(next, 303);
    if (issued !== undefined) setGuestCookie(response.headers, secure, issued);
    return { response };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return { next, name: name.data, problem: error.message };
  }
}
