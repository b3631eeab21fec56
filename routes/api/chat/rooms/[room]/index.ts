import { readJson } from "@/lib/http/body.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { roomResponse } from "@/lib/http/responses.ts";
import { roomPatch } from "@/lib/protocols/room/frames.ts";
import { doneJson } from "@/lib/protocols/room/views.ts";

/** `/api/chat/rooms/{room}`: reads, changes, archives or deletes a room. */
export const handler = endpoint({
  async GET(ctx) {
    return await roomResponse(ctx, (await findRoom(ctx)).room);
  },

  async PATCH(ctx) {
    const { room: { id } } = await findRoom(ctx), patch = await readJson(ctx.req, roomPatch);
    return await roomResponse(ctx, await ctx.state.chat.gate.execute("updateRoom", ctx.state, { room: id, patch }));
  },

  async DELETE(ctx) {
    const { room: { id } } = await findRoom(ctx);
    await ctx.state.chat.gate.execute("deleteRoom", ctx.state, { room: id });
    return Response.json(doneJson("Room deleted"));
  },
});
