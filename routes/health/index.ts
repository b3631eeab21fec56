import { healthOf, VERSION } from "@/lib/http/health.ts";
import { metrics } from "@/lib/metrics.ts";
import { healthJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/**
 * `/health`: whether this process can serve; 503 where the store doesn't answer, or the process is about to stop. `connections`
 * counts those of all instances on the store, as the isolates of one process are instances to one another too.
 */
export const handler = endpoint({
  async GET({ state: { chat } }) {
    const health = await healthOf(chat);
    const json = healthJson(health, {
      version: VERSION,
      uptime: metrics.uptime,
      connections: chat.hub.online.connections,
    });
    return Response.json(json, { status: health.healthy ? 200 : 503, headers: { "cache-control": "no-store" } });
  },
});
