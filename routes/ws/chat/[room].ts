import type { RouteConfig } from "fresh";
import { serveRoom } from "@/lib/http/sockets/room_socket.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/ws/chat/:room{/}?" };

/** `/ws/chat/{room}`: protocol 1. */
export const handler = endpoint({
  GET: (ctx) => serveRoom(ctx, segments(ctx.url)[2] ?? ""),
});
