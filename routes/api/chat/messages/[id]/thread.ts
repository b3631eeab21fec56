import { endpoint } from "@/lib/http/endpoint.ts";
import { messageIdIn } from "@/lib/http/path_params.ts";
import { readMessageJson } from "@/lib/protocols/room/views.ts";

const REPLIES_MAX = 500;

/** `/api/chat/messages/{id}/thread`: the replies to a message, oldest first. */
export const handler = endpoint({
  async GET({ url, state: { chat, actor } }) {
    const id = messageIdIn(url), { room } = await chat.rooms.ofMessage(actor, id);
    const replies = await chat.messages.thread(room, id, REPLIES_MAX);
    const seen = await chat.messages.seenBy(actor?.person, room.id, replies);
    return Response.json(seen.map((post) => readMessageJson(room.id, post)));
  },
});
