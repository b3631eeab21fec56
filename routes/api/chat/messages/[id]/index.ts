import { ChatError } from "@/lib/errors.ts";
import { api, pace, readJson } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/find.ts";
import { messageJson } from "@/lib/protocol/room.ts";
import { messagePatch } from "@/lib/protocol/schemas.ts";

/** `/api/chat/messages/{id}`: one message; edit it; delete it. */
export const handler = api({
  async GET(ctx) {
    const { standing: { room }, id } = await findMessage(ctx);
    return Response.json(messageJson(room.id, await ctx.state.chat.messages.get(room, id)));
  },

  async PATCH(ctx) {
    const { chat } = ctx.state;
    const { standing, id } = await findMessage(ctx), { room } = standing;
    const { content } = await readJson(ctx.req, messagePatch);
    pace(ctx, "post", "postAddress");
    await chat.messages.edit(standing, id, content);
    return Response.json(messageJson(room.id, await chat.messages.get(room, id)));
  },

  async DELETE(ctx) {
    const { chat } = ctx.state;
    const { standing, id } = await findMessage(ctx);
    pace(ctx, "post", "postAddress");
    if (!await chat.messages.delete(standing, id)) throw new ChatError("message_not_found");
    return Response.json({ message: "Message deleted" });
  },
});
