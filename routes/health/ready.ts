import { healthOf } from "@/lib/http/health.ts";
import { readinessJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/health/ready`: whether to send people here; 503 where the store doesn't answer, or the process is about to stop. */
export const handler = endpoint({
  async GET({ state: { chat } }) {
    const health = await healthOf(chat);
    return Response.json(readinessJson(health, chat.draining), {
      status: health.healthy ? 200 : 503,
      headers: { "cache-control": "no-store" },
    });
  },
});
