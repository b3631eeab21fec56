import { api } from "@/lib/http/api.ts";
import { grantJson } from "@/lib/protocols/chats/views.ts";

/** `/api/auth/refresh`: another access token for the session that asks. */
export const handler = api({
  async POST({ state }) {
    const granted = await state.chat.gate.execute("refreshToken", state, {});
    return Response.json(grantJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
