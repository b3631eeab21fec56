import { findRoom } from "@/lib/http/path_params.ts";
import { memberJson } from "@/lib/protocols/room/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/rooms/{room}/members`: the members of a room. */
export const handler = endpoint({
  async GET(ctx) {
    const members = await ctx.state.chat.members.list(await findRoom(ctx));
    return Response.json(members.map(memberJson));
  },
});
