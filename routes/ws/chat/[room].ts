import type { RouteConfig } from "fresh";
import { api, segments } from "@/lib/http/api.ts";
import { serveRoom } from "@/lib/http/sockets.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/ws/chat/:room{/}?" };

/** `/ws/chat/{room}`: protocol 1. */
export const handler = api({
  GET: (ctx) => serveRoom(ctx, segments(ctx.url)[2] ?? ""),
});
