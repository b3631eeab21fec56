import { api, readJsonOrForm } from "@/lib/http/api.ts";
import { signIn } from "@/lib/http/sign_in.ts";
import { loggedInJson } from "@/lib/protocol/accounts.ts";
import { credentials } from "@/lib/protocol/schemas.ts";

/** `/api/auth/login`: a session and a token for a name and its password. */
export const handler = api({
  async POST(ctx) {
    const { chat, address } = ctx.state;
    const { username, password } = await readJsonOrForm(ctx.req, credentials);
    const account = await chat.accounts.logIn(username, password, chat.limits ? address : undefined);
    const headers = new Headers({ "cache-control": "no-store" });
    const granted = await signIn(ctx, account, headers);
    return Response.json(loggedInJson(account, granted), { headers });
  },
});
