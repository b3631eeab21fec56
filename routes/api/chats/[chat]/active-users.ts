import { api, segments } from "@/lib/http/api.ts";
import { findChat } from "@/lib/http/find.ts";
import { activeUsersJson } from "@/lib/protocol/chats.ts";

/** `/api/chats/{chat}/active-users`: who is in the chat now. */
export const handler = api({
  async GET({ url, state: { asker, chat } }) {
    const { room } = await findChat(chat, asker, segments(url)[2] ?? "");
    return Response.json(activeUsersJson(chat.hub.people(room.id)));
  },
});
