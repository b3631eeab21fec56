import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { groupName } from "@/lib/chat/group_name.ts";
import { listAnswer } from "@/lib/http/responses.ts";
import { api, query, rateLimit, readJson } from "@/lib/http/api.ts";
import { participantsOf, peopleOf } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { chatJson } from "@/lib/protocols/chats/views.ts";
import { newChat } from "@/lib/protocols/chats/frames.ts";
import { roomsPage } from "@/lib/protocols/fields.ts";

/** `/api/chats`: the chats that one is in; begin one, or find the one that the two have. */
export const handler = api({
  async GET({ url, state: { actor, chat } }) {
    const { id } = chat.permissions.requireAccount(actor, "read");
    const { limit, cursor } = query(url, roomsPage);
    const rooms = await chat.rooms.getMany((await chat.rooms.of(id)).filter((room) => room > cursor));
    const chats = rooms.filter(({ kind }) => kind !== "public"), page = chats.slice(0, limit);
    const items = await Promise.all(page.map(async (room) => chatJson(room, await participantsOf(chat, room))));
    return listAnswer(url, items, { next: chats.length > limit ? { cursor: page.at(-1)!.id } : undefined });
  },

  async POST(ctx) {
    const { actor, chat } = ctx.state;
    const self = chat.permissions.requireAccount(actor, "rooms");
    const { people: ids, name, isGroup } = await readJson(ctx.req, newChat);
    const [other, ...more] = await peopleOf(chat, actor, ids);
    if (!other) throw new ChatError("invalid", "Name somebody to chat with, by their id, in participants.");
    rateLimit(ctx, "create");
    const isDirect = more.length === 0 && !isGroup;
    const { room, made } = isDirect
      ? await chat.rooms.direct(actor, other, name ?? "")
      : await makeGroup(ctx, name ?? groupName([self, other, ...more].map(({ name }) => name)), [other, ...more]);
    return Response.json(chatJson(room, await participantsOf(chat, room)), {
      status: made ? 201 : 200,
      headers: { location: `/api/chats/${room.id}` },
    });
  },
});

async function makeGroup({ state: { actor, chat } }: Context<State>, name: string, members: readonly Person[]) {
  return { room: await chat.rooms.create(actor, { name, description: "", kind: "private" }, members), made: true };
}
