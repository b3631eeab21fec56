import type { Context } from "fresh";
import { api, pace, segments } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/find.ts";
import type { State } from "@/lib/http/state.ts";
import { messageJson } from "@/lib/protocol/room.ts";
import { emojiSegment, parse } from "@/lib/protocol/schemas.ts";

/** `/api/chat/messages/{id}/reactions/{emoji}`: add or withdraw an emoji. */
export const handler = api({
  PUT: (ctx) => react(ctx, true),
  DELETE: (ctx) => react(ctx, false),
});

async function react(ctx: Context<State>, on: boolean): Promise<Response> {
  const { chat } = ctx.state;
  const { standing, id } = await findMessage(ctx), { room } = standing;
  pace(ctx, "post", "postAddress");
  await chat.messages.react(standing, id, parse(emojiSegment, segments(ctx.url)[5]), on);
  return Response.json(messageJson(room.id, await chat.messages.get(room, id)));
}
