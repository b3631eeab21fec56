import { api, pace, readJson } from "@/lib/http/api.ts";
import { bearerAccountJson } from "@/lib/protocol/bearer.ts";
import { newAccount } from "@/lib/protocol/schemas.ts";

/** `/users/`: register in protocol 4. */
export const handler = api({
  async POST(ctx) {
    const { username, password, email } = await readJson(ctx.req, newAccount);
    pace(ctx, "register");
    const account = await ctx.state.chat.accounts.register({ name: username, password, email });
    return Response.json(bearerAccountJson(account), { status: 201 });
  },
});
