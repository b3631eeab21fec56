import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Identity } from "@/lib/chat/policy.ts";
import { api, readJson } from "@/lib/http/api.ts";
import { clearCookies } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { meJson } from "@/lib/protocol/people.ts";
import { farewell, profilePatch } from "@/lib/protocol/schemas.ts";

/** `/api/chat/me`: who one is here; say something of oneself; take the account away. */
export const handler = api({
  async GET(ctx) {
    const { asker, chat } = ctx.state;
    chat.policy.look(asker);
    if (!asker) throw new ChatError("sign_in", "Say who you are: sign in, or send a token.");
    return await answer(ctx, asker);
  },

  async PATCH(ctx) {
    const { asker, chat } = ctx.state;
    const { id } = chat.policy.account(asker, "account");
    await chat.accounts.update(id, await readJson(ctx.req, profilePatch));
    return await answer(ctx, asker!);
  },

  async DELETE({ req, state: { asker, chat, secure } }) {
    const { password, delete_messages: messages } = await readJson(req, farewell);
    await chat.ownData.erase(asker, password, { messages });
    const response = new Response(null, { status: 204 });
    clearCookies(response.headers, secure);
    return response;
  },
});

async function answer({ state: { chat } }: Context<State>, asker: Identity): Promise<Response> {
  const account = asker.person.guest ? null : await chat.accounts.get(asker.person.id);
  return Response.json(meJson(asker, account));
}
