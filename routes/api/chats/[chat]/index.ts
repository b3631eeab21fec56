import { findChat, participantsOf, segments } from "@/lib/http/path_params.ts";
import { chatJson } from "@/lib/protocols/chats/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chats/{chat}`: a chat, for those who are in it. */
export const handler = endpoint({
  async GET({ url, state: { actor, chat } }) {
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return Response.json(chatJson(room, await participantsOf(chat, room)));
  },
});
