import { findRoom, segments } from "@/lib/http/path_params.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/rooms/{room}/invites/{code}`: revokes an invite link. */
export const handler = endpoint({
  async DELETE(ctx) {
    const { room: { id: room } } = await findRoom(ctx), code = segments(ctx.url)[5] ?? "";
    await ctx.state.chat.gate.execute("revokeInvite", ctx.state, { room, code });
    return new Response(null, { status: 204 });
  },
});
