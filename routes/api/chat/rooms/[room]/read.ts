import { findRoom } from "@/lib/http/path_params.ts";
import { readMark } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/rooms/{room}/read`: sets how far the actor has read a room. */
export const handler = endpoint({
  async PUT(ctx) {
    const { room } = await findRoom(ctx), { chat, actor } = ctx.state;
    chat.permissions.requireAccount(actor, "write");
    const { seq } = await readJson(ctx.req, readMark);
    await chat.gate.execute("markRead", ctx.state, { room: room.id, seq });
    return new Response(null, { status: 204 });
  },
});
