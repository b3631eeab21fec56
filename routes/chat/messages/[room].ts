import { ChatError } from "@/lib/errors.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";
import { api, query, rateLimit, segments } from "@/lib/http/api.ts";
import { standingAt } from "@/lib/http/path_params.ts";
import { bearerMessageJson } from "@/lib/protocols/bearer/views.ts";
import { newestQuery, objectIdSegment } from "@/lib/protocols/bearer/frames.ts";
import { parse } from "@/lib/protocols/parse.ts";

/** `/chat/messages/{room}`: its newest messages. `/chat/messages/{message_id}`: delete one. */
export const handler = api({
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
    const { access, id } = await standingAt(ctx, parse(objectIdSegment, segments(url)[2]));
    rateLimit(ctx, "post", "postAddress");
    if (!await chat.messages.delete(access, id)) throw new ChatError("message_not_found");
    return Response.json(doneJson("Message deleted"));
  },
});
