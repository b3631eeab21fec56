import { api, readJsonOrForm } from "@/lib/http/api.ts";
import { logIn, signInProgram } from "@/lib/http/sign_in.ts";
import { bearerJson } from "@/lib/protocols/chats/views.ts";
import { credentials } from "@/lib/protocols/fields.ts";

/** `/token`: an access token for a name and a password, as OAuth 2 asks for it (RFC 6749, 4.3) or as JSON. */
export const handler = api({
  async POST(ctx) {
    const { username, password } = await readJsonOrForm(ctx.req, credentials);
    const account = await logIn(ctx, username, password);
    const granted = await signInProgram(ctx, account);
    return Response.json(bearerJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
