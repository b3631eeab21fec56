import { api } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/path_params.ts";
import { messageJson } from "@/lib/protocols/room/views.ts";

const REPLIES_MAX = 500;

/** `/api/chat/messages/{id}/thread`: the answers to a message, oldest first. */
export const handler = api({
  async GET(ctx) {
    const { chat, actor } = ctx.state;
    const { access: { room }, id } = await findMessage(ctx);
    const replies = await chat.messages.thread(room, id, REPLIES_MAX);
    const seen = await chat.messages.seenBy(actor?.person, room.id, replies);
    return Response.json(seen.map((post) => messageJson(room.id, post)));
  },
});
