import type { Context } from "fresh";
import { api, rateLimit, readBody } from "@/lib/http/api.ts";
import type { State } from "@/lib/http/state.ts";
import { AVATAR_MAX } from "@/lib/model/limits.ts";
import { profileJson } from "@/lib/protocols/room/views.ts";

/** `/api/chat/me/avatar`: one's picture, as the body itself; take it away. */
export const handler = api({
  async PUT(ctx) {
    const { actor, chat } = ctx.state;
    const { id } = chat.policy.account(actor, "account");
    rateLimit(ctx, "upload");
    const bytes = new Uint8Array(await readBody(ctx.req, AVATAR_MAX));
    return await change(ctx, id, await chat.files.keepPicture(id, bytes));
  },

  async DELETE(ctx) {
    const { actor, chat } = ctx.state;
    return await change(ctx, chat.policy.account(actor, "account").id, null);
  },
});

async function change({ state: { chat } }: Context<State>, id: string, avatar: string | null): Promise<Response> {
  const before = (await chat.accounts.get(id))?.avatar;
  const account = await chat.accounts.update(id, { avatar });
  if (before) await chat.files.remove(before);
  return Response.json(profileJson(account));
}
