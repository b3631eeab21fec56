import { ChatError } from "@/lib/errors.ts";
import { api, pace, query, segments } from "@/lib/http/api.ts";
import { standingAt } from "@/lib/http/find.ts";
import { bearerMessageJson } from "@/lib/protocol/bearer.ts";
import { newestQuery, objectIdSegment, parse } from "@/lib/protocol/schemas.ts";

/** `/chat/messages/{room}`: its newest messages. `/chat/messages/{message_id}`: delete one. */
export const handler = api({
  async GET({ url, state: { chat, asker } }) {
    chat.policy.account(asker, "read");
    const { limit } = query(url, newestQuery);
    const { room } = await chat.rooms.find(asker, segments(url)[2] ?? "");
    const { posts } = await chat.messages.page(room, { limit });
    return Response.json(posts.map((post) => bearerMessageJson(room, post)));
  },

  async DELETE(ctx) {
    const { url, state: { chat, asker } } = ctx;
    chat.policy.account(asker, "write");
    const { standing, id } = await standingAt(ctx, parse(objectIdSegment, segments(url)[2]));
    pace(ctx, "post", "postAddress");
    if (!await chat.messages.delete(standing, id)) throw new ChatError("message_not_found");
    return Response.json({ message: "Message deleted" });
  },
});
