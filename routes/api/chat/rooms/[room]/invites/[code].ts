import { api, segments } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";

/** `/api/chat/rooms/{room}/invites/{code}`: end a link. */
export const handler = api({
  async DELETE(ctx) {
    await ctx.state.chat.members.revoke(await findRoom(ctx), segments(ctx.url)[5] ?? "");
    return new Response(null, { status: 204 });
  },
});
