import { listAnswer, roomAnswer } from "@/lib/http/responses.ts";
import { api, query, rateLimit, readJson } from "@/lib/http/api.ts";
import { peopleOf } from "@/lib/http/path_params.ts";
import { roomJson } from "@/lib/protocols/room/views.ts";
import { newRoom, roomsQuery } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms`: the rooms that one may see; make one. */
export const handler = api({
  async GET({ url, state: { chat, actor } }) {
    const { q, limit, cursor } = query(url, roomsQuery);
    const listed = await chat.rooms.list(actor, { after: cursor, limit: limit + 1, query: q });
    const page = listed.slice(0, limit);
    const next = listed.length > limit ? { cursor: page.at(-1)!.room.id } : undefined;
    const rooms = page.map(({ room, head }) => roomJson(room, head, chat.hub.online.count(room.id), actor?.person));
    return listAnswer(url, rooms, { next });
  },

  async POST(ctx) {
    const { chat, actor } = ctx.state;
    const { members: ids, ...wanted } = await readJson(ctx.req, newRoom);
    rateLimit(ctx, "create");
    const room = await chat.rooms.create(actor, wanted, await peopleOf(chat, actor, ids));
    return await roomAnswer(ctx, room, { status: 201, headers: { location: `/api/chat/rooms/${room.id}` } });
  },
});
