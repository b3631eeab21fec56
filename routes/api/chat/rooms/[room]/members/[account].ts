import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/chat/entries.ts";
import { api, pace, readJson, segments } from "@/lib/http/api.ts";
import { findRoom } from "@/lib/http/find.ts";
import type { State } from "@/lib/http/state.ts";
import { memberJson } from "@/lib/protocol/people.ts";
import { accountId, parse, seating } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}/members/{account}`, where `me` is oneself: give somebody a role, or take them out. */
export const handler = api({
  async PUT(ctx) {
    const { chat } = ctx.state;
    const standing = await findRoom(ctx), { room } = standing;
    const { role } = await readJson(ctx.req, seating);
    pace(ctx, "create");
    const person = await personOf(ctx);
    const joins = role === "member" && person.id === ctx.state.asker?.person.id;
    if (joins) await chat.members.join(standing);
    else await chat.members.seat(standing, person, role);
    const member = await chat.members.of(room.id, person.id);
    if (!member) throw new ChatError("not_found", "Somebody took them out again just now.");
    return Response.json(memberJson(member));
  },

  async DELETE(ctx) {
    const { chat, asker } = ctx.state;
    const standing = await findRoom(ctx), person = await personOf(ctx);
    const gone = person.id === asker?.person.id
      ? await chat.members.leave(standing)
      : await chat.members.seat(standing, person, null);
    if (!gone) throw new ChatError("not_found", "They do not belong to this room.");
    return new Response(null, { status: 204 });
  },
});

async function personOf({ url, state: { chat, asker } }: Context<State>): Promise<Person> {
  const asking = chat.policy.account(asker, "rooms"), named = segments(url)[5];
  if (named === "me") return asking;
  const account = await chat.accounts.get(parse(accountId, named));
  if (!account) throw new ChatError("not_found", "Nobody has this id.");
  return { id: account.id, name: account.name, guest: false };
}
