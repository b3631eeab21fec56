import { findChat, segments } from "@/lib/http/path_params.ts";
import { activeUsersJson } from "@/lib/protocols/chats/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chats/{chat}/active-users`: who is in the chat now. */
export const handler = endpoint({
  async GET({ url, state: { actor, chat } }) {
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return Response.json(activeUsersJson(chat.hub.online.people(room.id)));
  },
});
