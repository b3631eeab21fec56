import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { readJson } from "@/lib/http/body.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { findRoom, segments } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { accountId } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { roleChange } from "@/lib/protocols/room/frames.ts";
import { memberJson } from "@/lib/protocols/room/views.ts";

/** `/api/chat/rooms/{room}/members/{account}`, where `me` is the actor: gives an account a role, or removes it. */
export const handler = endpoint({
  async PUT(ctx) {
    const { state } = ctx, { gate, members } = state.chat;
    const { room: { id: room } } = await findRoom(ctx), { role } = await readJson(ctx.req, roleChange);
    const account = accountIn(ctx);
    if (role === "member" && isOwn(ctx, account)) await gate.execute("joinRoom", state, { room });
    else await gate.execute("setRole", state, { room, account, role });
    const member = await members.of(room, account);
    if (!member) throw new ChatError("not_found", "They were removed from this room just now.");
    return Response.json(memberJson(member));
  },

  async DELETE(ctx) {
    const { state } = ctx, { gate } = state.chat, { room: { id: room } } = await findRoom(ctx);
    const account = accountIn(ctx);
    const removed = isOwn(ctx, account)
      ? await gate.execute("leaveRoom", state, { room })
      : await gate.execute("setRole", state, { room, account, role: null });
    if (!removed) throw new ChatError("not_found", "They aren't a member of this room.");
    return new Response(null, { status: 204 });
  },
});

function accountIn({ url, state: { chat, actor } }: Context<State>): string {
  const { id } = chat.permissions.requireAccount(actor, "rooms"), named = segments(url)[5];
  return named === "me" ? id : parse(accountId, named);
}

function isOwn({ state: { actor } }: Context<State>, account: string): boolean {
  return actor?.person.id === account;
}
