import { api } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/find.ts";
import { messageJson } from "@/lib/protocol/room.ts";

const REPLIES_MAX = 500;

/** `/api/chat/messages/{id}/thread`: the answers to a message, oldest first. */
export const handler = api({
  async GET(ctx) {
    const { standing: { room }, id } = await findMessage(ctx);
    const replies = await ctx.state.chat.messages.thread(room, id, REPLIES_MAX);
    return Response.json(replies.map((post) => messageJson(room.id, post)));
  },
});
