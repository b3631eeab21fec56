import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { signIn } from "@/lib/http/sign_in.ts";
import { registeredJson } from "@/lib/protocols/chats/views.ts";
import { newAccount } from "@/lib/protocols/fields.ts";

/** `/api/auth/register`: a new account, signed in at once. */
export const handler = api({
  async POST(ctx) {
    const { username, ...rest } = await readJson(ctx.req, newAccount);
    rateLimit(ctx, "register");
    const account = await ctx.state.chat.accounts.register({ name: username, ...rest });
    const headers = new Headers({ "cache-control": "no-store" });
    const granted = await signIn(ctx, account, headers);
    return Response.json(registeredJson(account, granted), { status: 201, headers });
  },
});
