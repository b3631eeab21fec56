import { api } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { memberJson } from "@/lib/protocols/room/views.ts";

/** `/api/chat/rooms/{room}/members`: who belongs to a room. */
export const handler = api({
  async GET(ctx) {
    const members = await ctx.state.chat.members.list(await findRoom(ctx));
    return Response.json(members.map(memberJson));
  },
});
