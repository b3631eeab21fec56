import { labelOf } from "@/lib/http/sign_in.ts";
import { bearerJson } from "@/lib/protocols/chats/views.ts";
import { credentials } from "@/lib/protocols/fields.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJsonOrForm } from "@/lib/http/body.ts";

/** `/token`: an access token for a name and a password, sent as in OAuth 2 (RFC 6749, 4.3) or as JSON. */
export const handler = endpoint({
  async POST({ req, state }) {
    const { username: name, password } = await readJsonOrForm(req, credentials);
    const granted = await state.chat.gate.execute("signInProgram", state, { name, password, label: labelOf(req) });
    return Response.json(bearerJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
