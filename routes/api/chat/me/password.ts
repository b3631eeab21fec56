import { passwordChange } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/me/password`: changes the password, which ends all other sessions. */
export const handler = endpoint({
  async POST({ req, state }) {
    await state.chat.gate.execute("changePassword", state, await readJson(req, passwordChange));
    return new Response(null, { status: 204 });
  },
});
