import { sessionJson } from "@/lib/protocols/room/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/me/sessions`: the sessions and tokens of the account; ends all but the current one. */
export const handler = endpoint({
  async GET({ state: { actor, chat } }) {
    const { id } = chat.permissions.requireAccount(actor, "account");
    const sessions = await chat.sessions.list(id);
    return Response.json(sessions.map((one) => sessionJson(one, actor?.session ?? null)));
  },

  async DELETE({ state }) {
    await state.chat.gate.execute("endOtherSessions", state, {});
    return new Response(null, { status: 204 });
  },
});
