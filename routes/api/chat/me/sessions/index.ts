import { api } from "@/lib/http/api.ts";
import { sessionJson } from "@/lib/protocol/people.ts";

/** `/api/chat/me/sessions`: where one is signed in, tokens too; end all but the one that asks. */
export const handler = api({
  async GET({ state: { asker, chat } }) {
    const { id } = chat.policy.account(asker, "account");
    const sessions = await chat.sessions.list(id);
    return Response.json(sessions.map((one) => sessionJson(one, asker?.session ?? null)));
  },

  async DELETE({ state: { asker, chat } }) {
    const { id } = chat.policy.account(asker, "account");
    await chat.sessions.endAll(id, asker?.session ?? undefined);
    return new Response(null, { status: 204 });
  },
});
