import { api, segments } from "@/lib/http/api.ts";
import { roomStatsJson } from "@/lib/protocol/lobby.ts";

/** `/room/{room_id}/stats`: figures of a room, for those who may read it. */
export const handler = api({
  async GET({ url, state: { chat: { rooms, statistics, hub }, asker } }) {
    const { room } = await rooms.find(asker, segments(url)[1] ?? "");
    const live = { users: hub.people(room.id).map(({ name }) => name), connections: hub.sockets(room.id) };
    return Response.json(roomStatsJson(room, await statistics.ofRoom(room), live, asker?.person ?? null));
  },
});
