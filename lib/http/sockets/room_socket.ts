/**
 * Protocol 1 on a socket: one room, which the path names; the address or the first frame says who the client is.
 * @module
 */
import { accountOf, type Actor, type Principal } from "@/lib/chat/policy.ts";
import { principalOf, resolveAuthor } from "@/lib/http/authenticate.ts";
import { onOpen, upgrade, type Upgraded, type UpgradeRequest } from "@/lib/http/sockets/upgrade.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import type { Position } from "@/lib/live/feed.ts";
import { Connection } from "@/lib/live/connection.ts";
import type { Head } from "@/lib/model/room.ts";
import { connectedFrame, roomBatchCodec, roomCodec } from "@/lib/protocols/room/codec.ts";
import type { RoomHello } from "@/lib/protocols/room/frames.ts";
import { helloMissing, isHello, isRedundantHello, readHello } from "@/lib/protocols/room/hello.ts";

/** Serves protocol 1. */
export function serveRoom(request: UpgradeRequest, room: string): Response {
  const { req, state } = request, { hub } = state.chat, query = new URL(req.url).searchParams;
  const upgraded = upgrade(request), { socket, response } = upgraded;
  const connection = new Connection(socket, hub, roomCodec, state.address);
  const join = (frame?: string) => joinRoom(state, connection, upgraded, room, readHello(query, frame));
  if (isHello(query)) {
    onOpen(socket, () => connection.admit(() => join()));
    connection.skipRedundantHello(isRedundantHello);
  } else connection.awaitHello(join);
  return response;
}

async function joinRoom(
  state: Pick<State, "chat" | "address">,
  connection: Connection,
  { connect }: Upgraded,
  room: string,
  hello: RoomHello,
): Promise<void> {
  const { identity, guestToken } = await identify(state, await connect(), hello);
  if (hello.batch) connection.codec = roomBatchCodec;
  await enterRoom(state.chat, connection, identity, room, hello, (id, head) => {
    connection.send(connectedFrame(id, identity.person, head, guestToken));
  });
}

/** Who the first frame is from: a token wins over a name, a name over the cookie of another one. */
async function identify(
  { chat, address }: Pick<State, "chat" | "address">,
  actor: Actor,
  hello: RoomHello,
): Promise<{ identity: Principal; guestToken?: string | undefined }> {
  const token = hello.token ?? hello.guestToken;
  if (token !== undefined) return { identity: await principalOf(chat, token), guestToken: hello.guestToken };
  const author = await resolveAuthor(chat, { actor, address }, hello.username);
  if (!author) throw helloMissing();
  return { identity: author.identity, guestToken: author.issued };
}

/**
 * Subscribes a connection to its only room.
 *
 * @param name The room's id or name.
 * @param greet Called before the first frames of the room.
 * @throws {ChatError} `room_not_found` or `forbidden`.
 */
export async function enterRoom(
  chat: Chat,
  connection: Connection,
  identity: Principal,
  name: string,
  position: Position = {},
  greet?: (room: number, head: Head) => void,
): Promise<void> {
  const open = /^\d+$/.test(name) ? chat.hub.channel(Number(name))?.room : undefined;
  const { id } = open ?? (await chat.rooms.find(identity, name)).room;
  connection.actor = identity;
  connection.boundRoom = id;
  if (accountOf(identity)) chat.hub.accountChannels.attach(connection);
  await chat.hub.subscribe(connection, id, position, (head) => greet?.(id, head));
}
