import { grantJson } from "@/lib/protocols/chats/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/auth/refresh`: another access token for the current session. */
export const handler = endpoint({
  async POST({ state }) {
    const granted = await state.chat.gate.execute("refreshToken", state, {});
    return Response.json(grantJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
