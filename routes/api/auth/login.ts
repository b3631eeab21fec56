import { keepSession, labelOf } from "@/lib/http/sign_in.ts";
import { signedInJson } from "@/lib/protocols/chats/views.ts";
import { credentials } from "@/lib/protocols/fields.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJsonOrForm } from "@/lib/http/body.ts";

/** `/api/auth/login`: a session and a token for a name and a password. */
export const handler = endpoint({
  async POST(ctx) {
    const { req, state } = ctx, { username: name, password } = await readJsonOrForm(req, credentials);
    const signedIn = await state.chat.gate.execute("signIn", state, { name, password, label: labelOf(req) });
    const headers = new Headers({ "cache-control": "no-store" });
    keepSession(ctx, signedIn.secret, headers);
    return Response.json(signedInJson(signedIn.account, signedIn), { headers });
  },
});
