/**
 * What a room's page shows, read from the core.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { RoomPageProps } from "@/routes/(_pages)/room_page.tsx";
import type { Post } from "@/lib/model/message.ts";
import { type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import type { PageRequest } from "@/lib/chat/messages.ts";
import { accountOf, type RoomAccess } from "@/lib/chat/policy.ts";
import type { Unread } from "@/lib/chat/reads.ts";
import type { State } from "@/lib/http/state.ts";
import type { RoomItem } from "@/lib/client/room_list.ts";
import { t } from "@/lib/ui/strings.ts";
import { PAGE_SIZE } from "@/lib/client/message_window.ts";
import { segments } from "@/lib/http/path_params.ts";
import { attempt } from "./form.ts";
import { pageContext } from "./page_context.ts";

/** Rooms that the sidebar of a page lists; the rest come over the socket. */
const ROOMS_LISTED = 200;

/**
 * The room that the path names in its second part, and the reader's role there.
 *
 * @throws {ChatError} `room_not_found`.
 */
export function roomOfPath({ url, state: { chat, actor } }: Context<State>): Promise<RoomAccess> {
  return chat.rooms.find(actor, segments(url)[1] ?? "");
}

/**
 * The message in `/rooms/{room}/messages/{message}`, its id and its room.
 *
 * @throws {ChatError} `room_not_found`, `message_not_found`.
 */
export async function messageOfPath(
  ctx: Context<State>,
): Promise<{ access: RoomAccess; room: Room; id: number; post: Post }> {
  const access = await roomOfPath(ctx), { room } = access;
  const id = Number(segments(ctx.url)[3]);
  return { access, room, id, post: await ctx.state.chat.messages.get(room, id) };
}

/**
 * Everything a room's page needs. Showing its newest messages marks them as read, without a script too.
 *
 * @throws {ChatError} `room_not_found` where the room went meanwhile, `message_not_found` for a page beside no message.
 */
export async function roomData(
  ctx: Context<State>,
  access: RoomAccess,
  page: Omit<PageRequest, "limit"> = {},
): Promise<RoomPageProps> {
  const { chat, actor } = ctx.state, { room } = access;
  // Before the messages: what comes between the two is then sent again, and not missed.
  const head = await chat.log.head(room.id);
  if (!head) throw new ChatError("room_not_found");
  const [waiting, window] = await Promise.all([
    waitingFor(ctx),
    chat.messages.page(room, { limit: PAGE_SIZE, ...page }),
  ]);
  if (!window.newer) await markRead(ctx, access, head, waiting);
  const posts = await chat.messages.seenBy(actor?.person, room.id, window.posts);
  const rooms = await listedRooms(ctx, waiting, room);
  const people = chat.hub.online.people(room.id);
  const direct = rooms.flatMap(({ room }) => room.between ?? []);
  return {
    context: await pageContext(ctx, [...people, ...window.posts.map(({ by }) => by), ...direct]),
    rooms,
    room,
    settings: room.kind !== "direct" && (accountOf(actor) !== null || chat.permissions.in(access).update),
    head,
    window: { ...window, posts },
    people,
    nonce: crypto.randomUUID(),
  };
}

/** The title of a room's page. */
export function pageTitle({ room, actor }: RoomAccess): string {
  return t.room.pageTitle(roomTitle(room, actor?.person ?? null));
}

/** The unread messages in the rooms that the reader follows. */
export async function waitingFor({ state: { chat, actor } }: Context<State>): Promise<Map<number, Unread>> {
  const waiting = accountOf(actor) ? await chat.reads.waiting(actor) : [];
  return new Map(waiting.map(({ room, count, mentions }) => [room.id, { count, mentions }]));
}

/** Marks a room as read, unless the browser only prefetches the page. A refusal must not fail the page. */
async function markRead(
  { req, state }: Context<State>,
  access: RoomAccess,
  head: Head,
  waiting: Map<number, Unread>,
): Promise<void> {
  const { chat } = state, { room: { id }, actor } = access, before = waiting.get(id);
  if (!accountOf(actor) || req.headers.has("sec-purpose") || before?.count === 0 && before.mentions === 0) return;
  const marked = await attempt(() => chat.gate.execute("markRead", state, { room: id, seq: head.seq }));
  if (!(marked instanceof ChatError)) waiting.delete(id);
}

/** The rooms of the sidebar with their unread messages, the page's own among them. */
export async function listedRooms(
  { state: { chat, actor } }: Context<State>,
  waiting: ReadonlyMap<number, Unread>,
  current?: Room,
): Promise<RoomItem[]> {
  const rooms = (await chat.rooms.list(actor, { limit: ROOMS_LISTED })).map(({ room }) => room);
  if (current && !rooms.some(({ id }) => id === current.id)) rooms.push(current);
  return rooms.map((room) => {
    const { count, mentions } = waiting.get(room.id) ?? { count: 0, mentions: 0 };
    return { room, unread: count, mentions };
  });
}

/** The message id in a query, or undefined where there is none. */
export function idIn(url: URL, name: string): number | undefined {
  const given = url.searchParams.get(name);
  return given === null ? undefined : Number(given);
}
