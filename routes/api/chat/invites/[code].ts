import { roomAnswer } from "@/lib/http/responses.ts";
import { api, rateLimit, segments } from "@/lib/http/api.ts";

/** `/api/chat/invites/{code}`: where a link leads; follow it. */
export const handler = api({
  async GET({ url, state: { chat } }) {
    const { invite: { by, expiresAt }, name } = await chat.members.invitation(segments(url)[3] ?? "");
    return Response.json({
      room_name: name,
      invited_by: by.name,
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    });
  },

  async POST(ctx) {
    const { url, state: { chat, actor } } = ctx;
    rateLimit(ctx, "join");
    const id = await chat.members.accept(actor, segments(url)[3] ?? "");
    return await roomAnswer(ctx, (await chat.rooms.find(actor, String(id))).room);
  },
});
