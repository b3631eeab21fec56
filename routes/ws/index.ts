import { api } from "@/lib/http/api.ts";
import { serveApp } from "@/lib/http/sockets.ts";

/** `/ws`: protocol 5, the web app's own. */
export const handler = api({
  GET: (ctx) => serveApp(ctx),
});
