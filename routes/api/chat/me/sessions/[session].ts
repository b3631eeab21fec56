import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** `/api/chat/me/sessions/{session}`: ends a session or token. */
export const handler = endpoint({
  async DELETE({ url, state }) {
    await state.chat.gate.execute("endSession", state, { id: segments(url)[4] ?? "" });
    return new Response(null, { status: 204 });
  },
});
