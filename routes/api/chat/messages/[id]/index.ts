import { ChatError } from "@/lib/errors.ts";
import { api, readJson } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/find.ts";
import { messageJson } from "@/lib/protocol/room.ts";
import { messagePatch } from "@/lib/protocol/schemas.ts";

/** `/api/chat/messages/{id}`: one message; edit it; delete it. */
export const handler = api({
  async GET(ctx) {
    const { room, id } = await findMessage(ctx);
    return Response.json(messageJson(room.id, await ctx.state.chat.messages.get(room, id)));
  },

  async PATCH(ctx) {
    const { chat, asker } = ctx.state;
    const { room, id } = await findMessage(ctx);
    const { content } = await readJson(ctx.req, messagePatch);
    await chat.messages.edit(asker, room, id, content);
    return Response.json(messageJson(room.id, await chat.messages.get(room, id)));
  },

  async DELETE(ctx) {
    const { chat, asker } = ctx.state;
    const { room, id } = await findMessage(ctx);
    if (!await chat.messages.delete(asker, room, id)) throw new ChatError("message_not_found");
    return Response.json({ message: "Message deleted" });
  },
});
