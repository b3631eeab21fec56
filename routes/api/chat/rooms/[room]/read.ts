import { api, pace, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/find.ts";
import { readMark } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}/read`: say how far one has read. */
export const handler = api({
  async PUT(ctx) {
    const standing = await findRoom(ctx), { chat, asker } = ctx.state;
    chat.policy.account(asker, "write");
    const { seq } = await readJson(ctx.req, readMark);
    pace(ctx, "signal");
    await chat.reads.mark(standing, seq);
    return new Response(null, { status: 204 });
  },
});
