import { api } from "@/lib/http/api.ts";
import { serveLobby } from "@/lib/http/lobby.ts";
import { serveApp } from "@/lib/http/sockets.ts";

/** `/ws`: protocol 5, the web app's own. `/ws/` is the lobby for somebody without a name, who is told so. */
export const handler = api({
  GET: (ctx) => ctx.url.pathname.endsWith("/") ? serveLobby(ctx, "") : serveApp(ctx),
});
