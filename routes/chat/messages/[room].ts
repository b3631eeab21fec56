import { ChatError } from "@/lib/errors.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";
import { query, segments } from "@/lib/http/path_params.ts";
import { bearerMessageJson } from "@/lib/protocols/bearer/views.ts";
import { newestQuery, objectIdSegment } from "@/lib/protocols/bearer/frames.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/chat/messages/{room}`: its newest messages. `/chat/messages/{message_id}`: deletes one. */
export const handler = endpoint({
  async GET({ url, state: { chat, actor } }) {
    chat.permissions.requireAccount(actor, "read");
    const { limit } = query(url, newestQuery);
    const { room } = await chat.rooms.find(actor, segments(url)[2] ?? "");
    const { posts } = await chat.messages.page(room, { limit });
    return Response.json(posts.map((post) => bearerMessageJson(room, post)));
  },

  async DELETE(ctx) {
    const { url, state: { chat, actor } } = ctx;
    chat.permissions.requireAccount(actor, "write");
    const id = parse(objectIdSegment, segments(url)[2]);
    if (!await chat.gate.execute("delete", ctx.state, { id })) throw new ChatError("message_not_found");
    return Response.json(doneJson("Message deleted"));
  },
});
