import { api } from "@/lib/http/api.ts";
import { statsJson } from "@/lib/protocol/lobby.ts";

/** `/stats`: figures of the server. */
export const handler = api({
  async GET({ state: { chat: { statistics, hub }, asker } }) {
    const live = { people: hub.present, connections: hub.connectionCount, online: (room: number) => hub.online(room) };
    return Response.json(statsJson(await statistics.totals(asker), live));
  },
});
