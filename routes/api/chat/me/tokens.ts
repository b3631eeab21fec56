import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { newTokenJson } from "@/lib/protocols/room/views.ts";
import { newToken } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/me/tokens`: make a token for a program. It is told this once. */
export const handler = api({
  async POST(ctx) {
    const { actor, chat } = ctx.state;
    const { id } = chat.policy.account(actor, "account");
    const token = await readJson(ctx.req, newToken);
    rateLimit(ctx, "create");
    const { secret, session } = await chat.sessions.createToken(id, token);
    return Response.json(newTokenJson(session, secret), { status: 201 });
  },
});
