import { roomStatsJson } from "@/lib/protocols/lobby/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** `/room/{room_id}/stats`: statistics of a room, for those who can read it. */
export const handler = endpoint({
  async GET({ url, state: { chat: { rooms, statistics, hub }, actor } }) {
    const { room } = await rooms.find(actor, segments(url)[1] ?? "");
    const live = {
      users: hub.online.people(room.id).map(({ name }) => name),
      connections: hub.online.sockets(room.id),
    };
    return Response.json(roomStatsJson(room, await statistics.ofRoom(room), live, actor?.person ?? null));
  },
});
