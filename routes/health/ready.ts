import { api } from "@/lib/http/api.ts";
import { healthOf } from "@/lib/http/health.ts";

/** `/health/ready`: whether people may be sent here; 503 where the store does not answer, or the process is about to stop. */
export const handler = api({
  async GET({ state: { chat } }) {
    const { healthy, storage } = await healthOf(chat);
    const status = healthy ? "ready" : chat.draining ? "stopping" : "waiting";
    return Response.json({ status, storage }, {
      status: healthy ? 200 : 503,
      headers: { "cache-control": "no-store" },
    });
  },
});
