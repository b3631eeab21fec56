import { livenessJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/health/live`: responds as long as the process runs, even if it can't serve. Without a response, restart it. */
export const handler = endpoint({
  GET() {
    return Response.json(livenessJson(), { headers: { "cache-control": "no-store" } });
  },
});
