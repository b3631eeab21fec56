import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { originOf } from "@/lib/http/address.ts";
import { inviteJson } from "@/lib/protocols/room/views.ts";
import { newInvite } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}/invites`: the links into a room; make one. */
export const handler = api({
  async GET(ctx) {
    const invites = await ctx.state.chat.members.invites(await findRoom(ctx));
    return Response.json(invites.map((invite) => inviteJson(invite, originOf(ctx))));
  },

  async POST(ctx) {
    const access = await findRoom(ctx);
    const invitation = await readJson(ctx.req, newInvite);
    rateLimit(ctx, "create");
    const invite = await ctx.state.chat.members.invite(access, invitation);
    return Response.json(inviteJson(invite, originOf(ctx)), { status: 201 });
  },
});
