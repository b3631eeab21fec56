import { api, segments } from "@/lib/http/api.ts";
import { findChat, participantsOf } from "@/lib/http/find.ts";
import { chatJson } from "@/lib/protocol/chats.ts";

/** `/api/chats/{chat}`: one chat, for those who are in it. */
export const handler = api({
  async GET({ url, state: { asker, chat } }) {
    const { room } = await findChat(chat, asker, segments(url)[2] ?? "");
    return Response.json(chatJson(room, await participantsOf(chat, room)));
  },
});
