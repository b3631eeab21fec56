import { historyAnswer } from "@/lib/http/responses.ts";
import { api, segments } from "@/lib/http/api.ts";
import { findChat } from "@/lib/http/path_params.ts";
import { chatMessageJson } from "@/lib/protocols/chats/views.ts";

/** `/api/chats/{chat}/messages`: a page of what was said. */
export const handler = api({
  async GET(ctx) {
    const { url, state: { actor, chat } } = ctx;
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return await historyAnswer(ctx, room, chatMessageJson);
  },
});
