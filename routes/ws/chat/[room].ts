import { api, segments } from "@/lib/http/api.ts";
import { serveRoom } from "@/lib/http/sockets.ts";

/** `/ws/chat/{room}`: protocol 1. */
export const handler = api({
  GET: (ctx) => serveRoom(ctx, segments(ctx.url)[2] ?? ""),
});
