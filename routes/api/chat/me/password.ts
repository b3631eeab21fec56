import { passwordChange } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/me/password`: another password; all other sessions end. */
export const handler = endpoint({
  async POST({ req, state }) {
    await state.chat.gate.execute("changePassword", state, await readJson(req, passwordChange));
    return new Response(null, { status: 204 });
  },
});
