import type { Context } from "fresh";
import { api, rateLimit, segments } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { messageAnswer } from "@/lib/http/responses.ts";
import { emoji } from "@/lib/model/schema/text.ts";
import { parse } from "@/lib/protocols/parse.ts";

/** `/api/chat/messages/{id}/reactions/{emoji}`: add or withdraw an emoji. */
export const handler = api({
  PUT: (ctx) => react(ctx, true),
  DELETE: (ctx) => react(ctx, false),
});

async function react(ctx: Context<State>, on: boolean): Promise<Response> {
  const { chat } = ctx.state;
  const { access, id } = await findMessage(ctx), { room } = access;
  rateLimit(ctx, "post", "postAddress");
  await chat.messages.react(access, id, parse(emoji, segments(ctx.url)[5]), on);
  return await messageAnswer(ctx, room, id);
}
