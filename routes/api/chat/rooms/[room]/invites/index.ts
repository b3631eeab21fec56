import { findRoom } from "@/lib/http/path_params.ts";
import { originOf } from "@/lib/http/address.ts";
import { inviteJson } from "@/lib/protocols/room/views.ts";
import { newInvite } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/rooms/{room}/invites`: the invite links of a room; creates one. */
export const handler = endpoint({
  async GET(ctx) {
    const invites = await ctx.state.chat.invites.list(await findRoom(ctx));
    return Response.json(invites.map((invite) => inviteJson(invite, originOf(ctx))));
  },

  async POST(ctx) {
    const { room: { id: room } } = await findRoom(ctx), terms = await readJson(ctx.req, newInvite);
    const invite = await ctx.state.chat.gate.execute("createInvite", ctx.state, { room, ...terms });
    return Response.json(inviteJson(invite, originOf(ctx)), { status: 201 });
  },
});
