import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { sessionJson } from "@/lib/protocols/room/people.ts";
import { newToken } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/me/tokens`: make a token for a program. It is told this once. */
export const handler = api({
  async POST(ctx) {
    const { actor, chat } = ctx.state;
    const { id } = chat.policy.account(actor, "account");
    const { label, scopes, expires_in } = await readJson(ctx.req, newToken);
    rateLimit(ctx, "create");
    const lifetime = expires_in ? expires_in * 1000 : undefined;
    const { secret, session } = await chat.sessions.createToken(id, { label, scopes, lifetime });
    return Response.json({ ...sessionJson(session, null), token: secret }, { status: 201 });
  },
});
