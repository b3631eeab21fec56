import type { RouteConfig } from "fresh";
import { api, segments } from "@/lib/http/api.ts";
import { serveLobby } from "@/lib/http/lobby.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/ws/:username{/}?" };

/** `/ws/{username}`: protocol 2. */
export const handler = api({
  GET: (ctx) => serveLobby(ctx, segments(ctx.url)[1] ?? ""),
});
