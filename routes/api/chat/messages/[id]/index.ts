import { ChatError } from "@/lib/errors.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";
import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { findMessage } from "@/lib/http/path_params.ts";
import { messageAnswer } from "@/lib/http/responses.ts";
import { messagePatch } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/messages/{id}`: one message; edit it; delete it. */
export const handler = api({
  async GET(ctx) {
    const { access: { room }, id } = await findMessage(ctx);
    return await messageAnswer(ctx, room, id);
  },

  async PATCH(ctx) {
    const { chat } = ctx.state;
    const { access, id } = await findMessage(ctx), { room } = access;
    const { content } = await readJson(ctx.req, messagePatch);
    rateLimit(ctx, "post", "postAddress");
    await chat.messages.edit(access, id, content);
    return await messageAnswer(ctx, room, id);
  },

  async DELETE(ctx) {
    const { chat } = ctx.state;
    const { access, id } = await findMessage(ctx);
    rateLimit(ctx, "post", "postAddress");
    if (!await chat.messages.delete(access, id)) throw new ChatError("message_not_found");
    return Response.json(doneJson("Message deleted"));
  },
});
