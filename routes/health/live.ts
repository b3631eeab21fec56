import { api } from "@/lib/http/api.ts";
import { livenessJson } from "@/lib/protocols/lobby/views.ts";

/** `/health/live`: answers as long as the process runs, whatever it waits for. Where nothing answers, start it anew. */
export const handler = api({
  GET() {
    return Response.json(livenessJson(), { headers: { "cache-control": "no-store" } });
  },
});
