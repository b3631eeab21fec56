import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { define } from "@/lib/http/state.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/:path*{/}?" };

/** Whatever else is asked for: a page to people, problem+json to programs. */
export const handler = define.handlers(() => {
  throw new ChatError("not_found", "There is nothing at this address: see /docs for those that there are.");
});
