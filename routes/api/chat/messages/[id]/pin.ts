import type { Context } from "fresh";
import { api, rateLimit } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { messageAnswer } from "@/lib/http/responses.ts";

/** `/api/chat/messages/{id}/pin`: pin or unpin. */
export const handler = api({
  PUT: (ctx) => pin(ctx, true),
  DELETE: (ctx) => pin(ctx, false),
});

async function pin(ctx: Context<State>, on: boolean): Promise<Response> {
  const { chat } = ctx.state;
  const { access, id } = await findMessage(ctx), { room } = access;
  rateLimit(ctx, "post", "postAddress");
  await chat.messages.pin(access, id, on);
  return await messageAnswer(ctx, room, id);
}
