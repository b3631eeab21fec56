import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { groupName } from "@/lib/chat/group_name.ts";
import { readJson } from "@/lib/http/body.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { participantsOf, query } from "@/lib/http/path_params.ts";
import { listResponse } from "@/lib/http/responses.ts";
import type { State } from "@/lib/http/state.ts";
import { newChat } from "@/lib/protocols/chats/frames.ts";
import { chatJson } from "@/lib/protocols/chats/views.ts";
import { roomsPage } from "@/lib/protocols/fields.ts";

/** `/api/chats`: the chats of the account; creates one, or finds the direct one that there is. */
export const handler = endpoint({
  async GET({ url, state: { actor, chat } }) {
    const { id } = chat.permissions.requireAccount(actor, "read");
    const { limit, cursor } = query(url, roomsPage);
    const rooms = await chat.rooms.getMany((await chat.rooms.of(id)).filter((room) => room > cursor));
    const chats = rooms.filter(({ kind }) => kind !== "public"), page = chats.slice(0, limit);
    const items = await Promise.all(page.map(async (room) => chatJson(room, await participantsOf(chat, room))));
    return listResponse(url, items, { next: chats.length > limit ? { cursor: page.at(-1)!.id } : undefined });
  },

  async POST(ctx) {
    const { actor, chat } = ctx.state, self = chat.permissions.requireAccount(actor, "rooms");
    const { people, name, isGroup } = await readJson(ctx.req, newChat);
    const others = await chat.accounts.others(actor, people), [first] = others;
    if (!first) throw new ChatError("invalid", "Give the ID of at least one other account in participants.");
    const { room, made } = others.length === 1 && !isGroup
      ? await chat.gate.execute("openDirect", ctx.state, { account: first.id, name: name ?? "" })
      : await createGroup(ctx, name ?? groupName([self, ...others].map(({ name }) => name)), others);
    return Response.json(chatJson(room, await participantsOf(chat, room)), {
      status: made ? 201 : 200,
      headers: { location: `/api/chats/${room.id}` },
    });
  },
});

async function createGroup({ state }: Context<State>, name: string, people: readonly Person[]) {
  const members = people.map(({ id }) => id);
  const wanted = { name, description: "", kind: "private" as const, members };
  return { room: await state.chat.gate.execute("createRoom", state, wanted), made: true };
}
