import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { define } from "@/lib/http/state.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/:path*{/}?" };

/** All other addresses: a page for people, problem+json for programs. */
export const handler = define.handlers(() => {
  throw new ChatError("not_found", "There's nothing at this address. See /docs for the API.");
});
