import { api, segments } from "@/lib/http/api.ts";
import { findChat, participantsOf } from "@/lib/http/path_params.ts";
import { chatJson } from "@/lib/protocols/chats/views.ts";

/** `/api/chats/{chat}`: one chat, for those who are in it. */
export const handler = api({
  async GET({ url, state: { actor, chat } }) {
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return Response.json(chatJson(room, await participantsOf(chat, room)));
  },
});
