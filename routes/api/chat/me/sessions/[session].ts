import { api, segments } from "@/lib/http/api.ts";

/** `/api/chat/me/sessions/{session}`: end one, or a token. */
export const handler = api({
  async DELETE({ url, state: { actor, chat } }) {
    const account = chat.policy.account(actor, "account");
    await chat.sessions.end(account, segments(url)[4] ?? "");
    return new Response(null, { status: 204 });
  },
});
