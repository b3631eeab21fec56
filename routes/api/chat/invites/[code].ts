import { roomResponse } from "@/lib/http/responses.ts";
import { invitePreviewJson } from "@/lib/protocols/room/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** `/api/chat/invites/{code}`: the room that an invite link leads to; accepts it. */
export const handler = endpoint({
  async GET({ url, state: { chat } }) {
    const { invite, name } = await chat.invites.find(segments(url)[3] ?? "");
    return Response.json(invitePreviewJson(invite, name));
  },

  async POST(ctx) {
    const { url, state: { chat, actor } } = ctx;
    const id = await chat.gate.execute("acceptInvite", ctx.state, { code: segments(url)[3] ?? "" });
    return await roomResponse(ctx, (await chat.rooms.require(actor, id)).room);
  },
});
