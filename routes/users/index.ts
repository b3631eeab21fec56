import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { bearerAccountJson } from "@/lib/protocols/bearer/views.ts";
import { newAccount } from "@/lib/protocols/fields.ts";

/** `/users/`: register in protocol 4. */
export const handler = api({
  async POST(ctx) {
    const { username, password, email } = await readJson(ctx.req, newAccount);
    rateLimit(ctx, "register");
    const account = await ctx.state.chat.accounts.register({ name: username, password, email });
    return Response.json(bearerAccountJson(account), { status: 201 });
  },
});
