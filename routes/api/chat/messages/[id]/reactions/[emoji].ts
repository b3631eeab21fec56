import type { Context } from "fresh";
import { endpoint } from "@/lib/http/endpoint.ts";
import { messageIdIn, segments } from "@/lib/http/path_params.ts";
import { messageResponse } from "@/lib/http/responses.ts";
import type { State } from "@/lib/http/state.ts";
import { emoji } from "@/lib/model/schema/text.ts";
import { parse } from "@/lib/protocols/parse.ts";

/** `/api/chat/messages/{id}/reactions/{emoji}`: adds or removes a reaction. */
export const handler = endpoint({
  PUT: (ctx) => react(ctx, true),
  DELETE: (ctx) => react(ctx, false),
});

async function react({ url, state }: Context<State>, on: boolean): Promise<Response> {
  const id = messageIdIn(url);
  await state.chat.gate.execute("react", state, { id, emoji: parse(emoji, segments(url)[5]), on });
  return await messageResponse(state, id);
}
