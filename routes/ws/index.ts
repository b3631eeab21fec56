import { serveLobby } from "@/lib/http/sockets/dialect_socket.ts";
import { serveApp } from "@/lib/http/sockets/app_socket.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/ws`: protocol 5, the web app's own. `/ws/` is the lobby without a name, which is refused. */
export const handler = endpoint({
  GET: (ctx) => ctx.url.pathname.endsWith("/") ? serveLobby(ctx, "") : serveApp(ctx),
});
