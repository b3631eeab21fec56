import { api, readJsonOrForm } from "@/lib/http/api.ts";
import { logIn, signIn } from "@/lib/http/sign_in.ts";
import { signedInJson } from "@/lib/protocols/chats/views.ts";
import { credentials } from "@/lib/protocols/fields.ts";

/** `/api/auth/login`: a session and a token for a name and its password. */
export const handler = api({
  async POST(ctx) {
    const { username, password } = await readJsonOrForm(ctx.req, credentials);
    const account = await logIn(ctx, username, password);
    const headers = new Headers({ "cache-control": "no-store" });
    const granted = await signIn(ctx, account, headers);
    return Response.json(signedInJson(account, granted), { headers });
  },
});
