import type { Context } from "fresh";
import { api, pace } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/find.ts";
import type { State } from "@/lib/http/state.ts";
import { messageJson } from "@/lib/protocol/room.ts";

/** `/api/chat/messages/{id}/pin`: pin or unpin. */
export const handler = api({
  PUT: (ctx) => pin(ctx, true),
  DELETE: (ctx) => pin(ctx, false),
});

async function pin(ctx: Context<State>, on: boolean): Promise<Response> {
  const { chat } = ctx.state;
  const { standing, id } = await findMessage(ctx), { room } = standing;
  pace(ctx, "post", "postAddress");
  await chat.messages.pin(standing, id, on);
  return Response.json(messageJson(room.id, await chat.messages.get(room, id)));
}
