import { livenessJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/health/live`: answers as long as the process runs, whatever it waits for. Where nothing answers, start it anew. */
export const handler = endpoint({
  GET() {
    return Response.json(livenessJson(), { headers: { "cache-control": "no-store" } });
  },
});
