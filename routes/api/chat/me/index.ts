import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Principal } from "@/lib/chat/policy.ts";
import { clearCookies } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { meJson } from "@/lib/protocols/room/views.ts";
import { accountDeletion, profilePatch } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/me`: reads, changes or deletes the account. */
export const handler = endpoint({
  async GET(ctx) {
    const { actor, chat } = ctx.state;
    chat.permissions.requireBrowse(actor);
    if (!actor) throw new ChatError("sign_in", "Sign in, or send a token.");
    return await respond(ctx, actor);
  },

  async PATCH(ctx) {
    const { req, state } = ctx, { actor, chat } = state, patch = await readJson(req, profilePatch);
    const account = await chat.gate.execute("updateProfile", state, patch);
    return Response.json(meJson(actor!, account));
  },

  async DELETE({ req, state }) {
    await state.chat.gate.execute("deleteAccount", state, await readJson(req, accountDeletion));
    const response = new Response(null, { status: 204 });
    clearCookies(response.headers, state.secure);
    return response;
  },
});

async function respond({ state: { chat } }: Context<State>, actor: Principal): Promise<Response> {
  const account = actor.person.guest ? null : await chat.accounts.get(actor.person.id);
  return Response.json(meJson(actor, account));
}
