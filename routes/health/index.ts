import { api } from "@/lib/http/api.ts";
import { VERSION } from "@/lib/http/sockets.ts";

const STORE_MS = 2_000;
const started = Date.now();

/** `/health`: whether this process serves; 503 where the store does not answer, or the process is about to stop. */
export const handler = api({
  async GET({ state: { chat } }) {
    const storage = await chat.store.answers(STORE_MS) ? "ok" : "unavailable";
    const healthy = storage === "ok" && !chat.draining;
    const { rss, heapUsed } = Deno.memoryUsage();
    return Response.json({
      status: healthy ? "healthy" : "unhealthy",
      version: VERSION,
      uptime_seconds: (Date.now() - started) / 1000,
      system: {
        cpu: { cores: navigator.hardwareConcurrency },
        memory: { rss_bytes: rss, heap_bytes: heapUsed },
        load: Deno.loadavg(),
      },
      connections: chat.hub.connections.size,
      storage,
    }, { status: healthy ? 200 : 503, headers: { "cache-control": "no-store" } });
  },
});
