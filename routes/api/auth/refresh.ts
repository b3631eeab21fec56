import { ChatError } from "@/lib/errors.ts";
import { api } from "@/lib/http/api.ts";
import { grantJson } from "@/lib/protocols/chats/views.ts";

/** `/api/auth/refresh`: another access token for the session that asks. */
export const handler = api({
  async POST({ state: { actor, chat } }) {
    const { id: account } = chat.policy.account(actor, "account");
    const session = (await chat.sessions.list(account)).find(({ id }) => id === actor?.session);
    if (!session) throw new ChatError("sign_in", "Your session has ended: sign in again.");
    if (session.kind === "token") {
      throw new ChatError("forbidden", "A personal access token gives no others: sign in with your password.");
    }
    const granted = await chat.tokens.sign({ account, session: session.id });
    return Response.json(grantJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
