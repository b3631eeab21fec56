import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/chat/entries.ts";
import { groupName } from "@/lib/chat/group_name.ts";
import { listAnswer } from "@/lib/http/answers.ts";
import { api, pace, query, readJson } from "@/lib/http/api.ts";
import { participantsOf, peopleOf } from "@/lib/http/find.ts";
import type { State } from "@/lib/http/state.ts";
import { chatJson } from "@/lib/protocol/chats.ts";
import { chatsQuery, newChat } from "@/lib/protocol/schemas.ts";

/** `/api/chats`: the chats that one is in; begin one, or find the one that the two have. */
export const handler = api({
  async GET({ url, state: { asker, chat } }) {
    const { id } = chat.policy.account(asker, "read");
    const { limit, cursor } = query(url, chatsQuery);
    const rooms = await chat.rooms.getMany((await chat.rooms.of(id)).filter((room) => room > cursor));
    const chats = rooms.filter(({ kind }) => kind !== "public"), page = chats.slice(0, limit);
    const items = await Promise.all(page.map(async (room) => chatJson(room, await participantsOf(chat, room))));
    return listAnswer(url, items, { next: chats.length > limit ? { cursor: page.at(-1)!.id } : undefined });
  },

  async POST(ctx) {
    const { asker, chat } = ctx.state;
    const self = chat.policy.account(asker, "rooms");
    const { people: ids, name, isGroup } = await readJson(ctx.req, newChat);
    const [other, ...more] = await peopleOf(chat, asker, ids);
    if (!other) throw new ChatError("invalid", "Name somebody to chat with, by their id, in participants.");
    pace(ctx, "create");
    const isDirect = more.length === 0 && !isGroup;
    const { room, made } = isDirect
      ? await chat.rooms.direct(asker, other, name ?? "")
      : await makeGroup(ctx, name ?? groupName([self, other, ...more].map(({ name }) => name)), [other, ...more]);
    return Response.json(chatJson(room, await participantsOf(chat, room)), {
      status: made ? 201 : 200,
      headers: { location: `/api/chats/${room.id}` },
    });
  },
});

async function makeGroup({ state: { asker, chat } }: Context<State>, name: string, members: readonly Person[]) {
  return { room: await chat.rooms.create(asker, { name, description: "", kind: "private", members }), made: true };
}
