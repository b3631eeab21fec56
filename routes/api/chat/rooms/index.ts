import { listAnswer, roomAnswer } from "@/lib/http/answers.ts";
import { api, pace, query, readJson } from "@/lib/http/api.ts";
import { peopleOf } from "@/lib/http/find.ts";
import { roomJson } from "@/lib/protocol/room.ts";
import { newRoom, roomsQuery } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms`: the rooms that one may see; make one. */
export const handler = api({
  async GET({ url, state: { chat, asker } }) {
    const { q, limit, cursor } = query(url, roomsQuery);
    const listed = await chat.rooms.list(asker, { after: cursor, limit: limit + 1, query: q });
    const page = listed.slice(0, limit);
    const next = listed.length > limit ? { cursor: page.at(-1)!.room.id } : undefined;
    const rooms = page.map(({ room, head }) => roomJson(room, head, chat.hub.online(room.id), asker?.person));
    return listAnswer(url, rooms, { next });
  },

  async POST(ctx) {
    const { chat, asker } = ctx.state;
    const { members: ids, ...wanted } = await readJson(ctx.req, newRoom);
    pace(ctx, "create");
    const room = await chat.rooms.create(asker, { ...wanted, members: await peopleOf(chat, asker, ids) });
    return await roomAnswer(ctx, room, { status: 201, headers: { location: `/api/chat/rooms/${room.id}` } });
  },
});
