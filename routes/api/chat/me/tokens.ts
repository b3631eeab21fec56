import { api, pace, readJson } from "@/lib/http/api.ts";
import { sessionJson } from "@/lib/protocol/people.ts";
import { newToken } from "@/lib/protocol/schemas.ts";

/** `/api/chat/me/tokens`: make a token for a program. It is told this once. */
export const handler = api({
  async POST(ctx) {
    const { asker, chat } = ctx.state;
    const { id } = chat.policy.account(asker, "account");
    const { label, scopes, expires_in } = await readJson(ctx.req, newToken);
    pace(ctx, "create");
    const lifetime = expires_in ? expires_in * 1000 : undefined;
    const { secret, session } = await chat.sessions.createToken(id, { label, scopes, lifetime });
    return Response.json({ ...sessionJson(session, null), token: secret }, { status: 201 });
  },
});
