import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { api, rateLimit, readJson, segments } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { memberJson } from "@/lib/protocols/room/views.ts";
import { accountId } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { roleChange } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}/members/{account}`, where `me` is oneself: give somebody a role, or take them out. */
export const handler = api({
  async PUT(ctx) {
    const { chat } = ctx.state;
    const access = await findRoom(ctx), { room } = access;
    const { role } = await readJson(ctx.req, roleChange);
    rateLimit(ctx, "create");
    const person = await personOf(ctx);
    const joins = role === "member" && person.id === ctx.state.actor?.person.id;
    if (joins) await chat.members.join(access);
    else await chat.members.setRole(access, person, role);
    const member = await chat.members.of(room.id, person.id);
    if (!member) throw new ChatError("not_found", "Somebody took them out again just now.");
    return Response.json(memberJson(member));
  },

  async DELETE(ctx) {
    const { chat, actor } = ctx.state;
    const access = await findRoom(ctx), person = await personOf(ctx);
    const gone = person.id === actor?.person.id
      ? await chat.members.leave(access)
      : await chat.members.setRole(access, person, null);
    if (!gone) throw new ChatError("not_found", "They do not belong to this room.");
    return new Response(null, { status: 204 });
  },
});

async function personOf({ url, state: { chat, actor } }: Context<State>): Promise<Person> {
  const asking = chat.permissions.requireAccount(actor, "rooms"), named = segments(url)[5];
  if (named === "me") return asking;
  const account = await chat.accounts.get(parse(accountId, named));
  if (!account) throw new ChatError("not_found", "Nobody has this id.");
  return { id: account.id, name: account.name, guest: false };
}
