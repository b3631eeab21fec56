import type { AppHandler } from "../app.ts";
import { ALIVE, LIVE_RELOAD, RELOAD_SCRIPT } from "../live_reload.ts";

/** Adds the script and the WebSocket by which open pages notice a restart of the server. */
export function withLiveReload(handler: AppHandler, buildId: string): AppHandler {
  return async (request, info) => {
    const { pathname } = new URL(request.url);
    if (pathname === LIVE_RELOAD) {
      return new Response(RELOAD_SCRIPT, { headers: { "content-type": "text/javascript; charset=UTF-8" } });
    }
    if (pathname !== ALIVE || request.headers.get("upgrade") !== "websocket") return await handler(request, info);
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => socket.send(buildId);
    return response;
  };
}
