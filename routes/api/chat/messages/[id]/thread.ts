import { api } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/path_params.ts";
import { messageJson } from "@/lib/protocols/room/codec.ts";

const REPLIES_MAX = 500;

/** `/api/chat/messages/{id}/thread`: the answers to a message, oldest first. */
export const handler = api({
  async GET(ctx) {
    const { access: { room }, id } = await findMessage(ctx);
    const replies = await ctx.state.chat.messages.thread(room, id, REPLIES_MAX);
    return Response.json(replies.map((post) => messageJson(room.id, post)));
  },
});
