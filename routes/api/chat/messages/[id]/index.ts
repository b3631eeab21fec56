import { ChatError } from "@/lib/errors.ts";
import { readJson } from "@/lib/http/body.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { messageIdIn } from "@/lib/http/path_params.ts";
import { messageResponse } from "@/lib/http/responses.ts";
import { messagePatch } from "@/lib/protocols/room/frames.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";

/** `/api/chat/messages/{id}`: reads, edits or deletes a message. */
export const handler = endpoint({
  async GET({ url, state }) {
    return await messageResponse(state, messageIdIn(url));
  },

  async PATCH({ req, url, state }) {
    const id = messageIdIn(url), { content } = await readJson(req, messagePatch);
    await state.chat.gate.execute("edit", state, { id, content });
    return await messageResponse(state, id);
  },

  async DELETE({ url, state }) {
    const deleted = await state.chat.gate.execute("delete", state, { id: messageIdIn(url) });
    if (!deleted) throw new ChatError("message_not_found");
    return Response.json(doneJson("Message deleted"));
  },
});
