import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { originOf } from "@/lib/http/address.ts";
import { invitationJson } from "@/lib/protocols/room/people.ts";
import { newInvite } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}/invites`: the links into a room; make one. */
export const handler = api({
  async GET(ctx) {
    const invites = await ctx.state.chat.members.invites(await findRoom(ctx));
    return Response.json(invites.map((invite) => invitationJson(invite, originOf(ctx))));
  },

  async POST(ctx) {
    const access = await findRoom(ctx);
    const { expires_in, uses } = await readJson(ctx.req, newInvite);
    rateLimit(ctx, "create");
    const lifetime = expires_in ? expires_in * 1000 : undefined;
    const invite = await ctx.state.chat.members.invite(access, { lifetime, uses: uses ?? undefined });
    return Response.json(invitationJson(invite, originOf(ctx)), { status: 201 });
  },
});
