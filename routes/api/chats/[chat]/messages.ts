import { historyAnswer } from "@/lib/http/answers.ts";
import { api, segments } from "@/lib/http/api.ts";
import { findChat } from "@/lib/http/find.ts";
import { chatMessageJson } from "@/lib/protocol/chats.ts";

/** `/api/chats/{chat}/messages`: a page of what was said. */
export const handler = api({
  async GET(ctx) {
    const { url, state: { asker, chat } } = ctx;
    const { room } = await findChat(chat, asker, segments(url)[2] ?? "");
    return await historyAnswer(ctx, room, chatMessageJson);
  },
});
