import { historyResponse } from "@/lib/http/responses.ts";
import { findChat, segments } from "@/lib/http/path_params.ts";
import { chatMessageJson } from "@/lib/protocols/chats/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chats/{chat}/messages`: a page of its messages. */
export const handler = endpoint({
  async GET(ctx) {
    const { url, state: { actor, chat } } = ctx;
    const { room } = await findChat(chat, actor, segments(url)[2] ?? "");
    return await historyResponse(ctx, room, chatMessageJson);
  },
});
