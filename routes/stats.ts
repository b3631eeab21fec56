import { statsJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/stats`: statistics of the server. */
export const handler = endpoint({
  async GET({ state: { chat: { statistics, hub }, actor } }) {
    const live = {
      people: hub.online.total,
      connections: hub.online.connections,
      online: (room: number) => hub.online.count(room),
    };
    return Response.json(statsJson(await statistics.totals(actor), live));
  },
});
