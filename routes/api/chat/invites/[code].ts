import { roomAnswer } from "@/lib/http/responses.ts";
import { invitePreviewJson } from "@/lib/protocols/room/views.ts";
import { api, rateLimit, segments } from "@/lib/http/api.ts";

/** `/api/chat/invites/{code}`: where a link leads; follow it. */
export const handler = api({
  async GET({ url, state: { chat } }) {
    const { invite, name } = await chat.members.invitation(segments(url)[3] ?? "");
    return Response.json(invitePreviewJson(invite, name));
  },

  async POST(ctx) {
    const { url, state: { chat, actor } } = ctx;
    rateLimit(ctx, "join");
    const id = await chat.members.accept(actor, segments(url)[3] ?? "");
    return await roomAnswer(ctx, (await chat.rooms.find(actor, String(id))).room);
  },
});
