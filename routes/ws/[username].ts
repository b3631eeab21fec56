import type { RouteConfig } from "fresh";
import { serveLobby } from "@/lib/http/sockets/dialect_socket.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/ws/:username{/}?" };

/** `/ws/{username}`: protocol 2. */
export const handler = endpoint({
  GET: (ctx) => serveLobby(ctx, segments(ctx.url)[1] ?? ""),
});
