import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Room } from "@/lib/chat/entries.ts";
import { api, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/find.ts";
import type { State } from "@/lib/http/state.ts";
import { roomJson } from "@/lib/protocol/room.ts";
import { roomPatch } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}`: one room; rename, describe, archive it; delete it. */
export const handler = api({
  async GET(ctx) {
    return await answer(ctx, (await findRoom(ctx)).room);
  },

  async PATCH(ctx) {
    const standing = await findRoom(ctx);
    return await answer(ctx, await ctx.state.chat.rooms.update(standing, await readJson(ctx.req, roomPatch)));
  },

  async DELETE(ctx) {
    await ctx.state.chat.rooms.delete(await findRoom(ctx));
    return Response.json({ message: "Room deleted" });
  },
});

async function answer({ state: { chat, asker } }: Context<State>, room: Room): Promise<Response> {
  const head = await chat.log.head(room.id);
  if (!head) throw new ChatError("room_not_found");
  return Response.json(roomJson(room, head, chat.hub.online(room.id), asker?.person));
}
