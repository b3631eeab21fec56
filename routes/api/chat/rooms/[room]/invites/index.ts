import { api, pace, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/find.ts";
import { originOf } from "@/lib/http/address.ts";
import { invitationJson } from "@/lib/protocol/people.ts";
import { newInvite } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}/invites`: the links into a room; make one. */
export const handler = api({
  async GET(ctx) {
    const invites = await ctx.state.chat.members.invites(await findRoom(ctx));
    return Response.json(invites.map((invite) => invitationJson(invite, originOf(ctx))));
  },

  async POST(ctx) {
    const standing = await findRoom(ctx);
    const { expires_in, uses } = await readJson(ctx.req, newInvite);
    pace(ctx, "create");
    const lifetime = expires_in ? expires_in * 1000 : undefined;
    const invite = await ctx.state.chat.members.invite(standing, { lifetime, uses: uses ?? undefined });
    return Response.json(invitationJson(invite, originOf(ctx)), { status: 201 });
  },
});
