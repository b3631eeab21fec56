import { api, segments } from "@/lib/http/api.ts";

/** `/api/chat/me/sessions/{session}`: end one, or a token. */
export const handler = api({
  async DELETE({ url, state }) {
    await state.chat.gate.execute("endSession", state, { id: segments(url)[4] ?? "" });
    return new Response(null, { status: 204 });
  },
});
