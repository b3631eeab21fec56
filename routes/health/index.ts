import { api } from "@/lib/http/api.ts";
import { healthOf } from "@/lib/http/health.ts";
import { VERSION } from "@/lib/http/sockets.ts";
import { metrics } from "@/lib/metrics.ts";

/**
 * `/health`: whether this process serves; 503 where the store does not answer, or the process is about to stop. `connections`
 * are of all instances on the store, as the isolates of one process are instances to one another too.
 */
export const handler = api({
  async GET({ state: { chat } }) {
    const { healthy, storage } = await healthOf(chat);
    const { rss, heapUsed } = Deno.memoryUsage();
    return Response.json({
      status: healthy ? "healthy" : "unhealthy",
      version: VERSION,
      uptime_seconds: metrics.uptime,
      system: {
        cpu: { cores: navigator.hardwareConcurrency },
        memory: { rss_bytes: rss, heap_bytes: heapUsed },
        load: Deno.loadavg(),
      },
      connections: chat.hub.connectionCount,
      storage,
    }, { status: healthy ? 200 : 503, headers: { "cache-control": "no-store" } });
  },
});
