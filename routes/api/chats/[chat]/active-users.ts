import { api, segments } from "@/lib/http/api.ts";
import { findChat } from "@/lib/http/path_params.ts";
import { activeUsersJson } from "@/lib/protocols/chats/views.ts";

/** `/api/chats/{chat}/active-users`: who is in the chat now. */
export const handler = api({
  async GET({ url, state: { actor, chat } }) {
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return Response.json(activeUsersJson(chat.hub.online.people(room.id)));
  },
});
