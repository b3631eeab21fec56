import { listResponse, roomResponse } from "@/lib/http/responses.ts";
import { query } from "@/lib/http/path_params.ts";
import { roomJson } from "@/lib/protocols/room/views.ts";
import { newRoom, roomsQuery } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/rooms`: the rooms that the actor can see; creates one. */
export const handler = endpoint({
  async GET({ url, state: { chat, actor } }) {
    const { q, limit, cursor } = query(url, roomsQuery);
    const listed = await chat.rooms.list(actor, { after: cursor, limit: limit + 1, query: q });
    const page = listed.slice(0, limit);
    const next = listed.length > limit ? { cursor: page.at(-1)!.room.id } : undefined;
    const rooms = page.map(({ room, head }) => roomJson(room, head, chat.hub.online.count(room.id), actor?.person));
    return listResponse(url, rooms, { next });
  },

  async POST(ctx) {
    const room = await ctx.state.chat.gate.execute("createRoom", ctx.state, await readJson(ctx.req, newRoom));
    return await roomResponse(ctx, room, { status: 201, headers: { location: `/api/chat/rooms/${room.id}` } });
  },
});
