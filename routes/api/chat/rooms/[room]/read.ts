import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { readMark } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}/read`: say how far one has read. */
export const handler = api({
  async PUT(ctx) {
    const access = await findRoom(ctx), { chat, actor } = ctx.state;
    chat.permissions.requireAccount(actor, "write");
    const { seq } = await readJson(ctx.req, readMark);
    rateLimit(ctx, "signal");
    await chat.reads.mark(access, seq);
    return new Response(null, { status: 204 });
  },
});
