import { roomAnswer } from "@/lib/http/responses.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";
import { api, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { roomPatch } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}`: one room; rename, describe, archive it; delete it. */
export const handler = api({
  async GET(ctx) {
    return await roomAnswer(ctx, (await findRoom(ctx)).room);
  },

  async PATCH(ctx) {
    const access = await findRoom(ctx);
    return await roomAnswer(ctx, await ctx.state.chat.rooms.update(access, await readJson(ctx.req, roomPatch)));
  },

  async DELETE(ctx) {
    await ctx.state.chat.rooms.delete(await findRoom(ctx));
    return Response.json(doneJson("Room deleted"));
  },
});
