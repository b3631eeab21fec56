import { api, readJsonOrForm } from "@/lib/http/api.ts";
import { signInProgram } from "@/lib/http/sign_in.ts";
import { bearerJson } from "@/lib/protocol/accounts.ts";
import { credentials } from "@/lib/protocol/schemas.ts";

/** `/token`: an access token for a name and a password, as OAuth 2 asks for it (RFC 6749, 4.3) or as JSON. */
export const handler = api({
  async POST(ctx) {
    const { chat, address } = ctx.state;
    const { username, password } = await readJsonOrForm(ctx.req, credentials);
    const account = await chat.accounts.logIn(username, password, chat.limits ? address : undefined);
    const granted = await signInProgram(ctx, account);
    return Response.json(bearerJson(granted), { headers: { "cache-control": "no-store" } });
  },
});
