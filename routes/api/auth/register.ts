import { keepSession, labelOf } from "@/lib/http/sign_in.ts";
import { registeredJson } from "@/lib/protocols/chats/views.ts";
import { newAccount } from "@/lib/protocols/fields.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/auth/register`: creates an account and signs it in. */
export const handler = endpoint({
  async POST(ctx) {
    const { req, state } = ctx, { username, ...rest } = await readJson(req, newAccount);
    const wanted = { name: username, ...rest, label: labelOf(req) };
    const signedIn = await state.chat.gate.execute("register", state, wanted);
    const headers = new Headers({ "cache-control": "no-store" });
    keepSession(ctx, signedIn.secret, headers);
    return Response.json(registeredJson(signedIn.account, signedIn), { status: 201, headers });
  },
});
