import { api, readJson } from "@/lib/http/api.ts";
import { passwordChange } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/me/password`: another password; all other sessions end. */
export const handler = api({
  async POST({ req, state }) {
    await state.chat.gate.execute("changePassword", state, await readJson(req, passwordChange));
    return new Response(null, { status: 204 });
  },
});
