/**
 * From an upgrade request to a {@link Connection}: who it is, which room, and a first frame within ten seconds.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/chat/entries.ts";
import type { Asker } from "@/lib/chat/policy.ts";
import { holder, isForeign, isUpgrade, speaker, whoAsks } from "@/lib/http/who.ts";
import type { Chat } from "@/lib/http/state.ts";
import { Connection, domainError } from "@/lib/live/connection.ts";
import { appCodec, helloFrame } from "@/lib/protocol/app_codec.ts";
import { connectedFrame, roomBatchCodec, roomCodec } from "@/lib/protocol/room.ts";
import { parse, parseFrame, roomAddress, type RoomHello, roomHello } from "@/lib/protocol/schemas.ts";

/** The version of the program that `hello` and `/health` tell. */
export const VERSION = "0.1.0";

const ROOMS_IN_HELLO = 1_000;

/**
 * Upgrades a request.
 *
 * @throws {ChatError} `invalid` for a request that is not an upgrade.
 */
export function upgrade(request: Request): { socket: WebSocket; response: Response } {
  try {
    if (isUpgrade(request)) return Deno.upgradeWebSocket(request);
  } catch (error) {
    // The handshake lacks a header, or has a wrong one.
    if (!(error instanceof TypeError)) throw error;
  }
  throw new ChatError("invalid", "This address is for WebSockets: connect with ws:// or wss://.");
}

/** Serves protocol 1 on a socket: in the room that the path names, for whoever the address or the first frame says. */
export function serveRoom(chat: Chat, request: Request, room: string): Response {
  const asker = identify(chat, request), said = new URL(request.url).searchParams;
  const { socket, response } = upgrade(request);
  const connection = new Connection(socket, chat.hub, roomCodec);
  if (said.has("username") || said.has("token") || said.has("guest_token")) {
    onOpen(socket, () => connection.admit(() => joinRoom(chat, connection, asker, room, parseAddress(said))));
  } else {
    connection.expect((text) => {
      const hello = asFirstFrame(() => parseFrame(roomHello, text));
      const address = said.size > 0 ? parseAddress(said) : hello;
      return joinRoom(chat, connection, asker, room, { ...address, ...hello, batch: address.batch || hello.batch });
    });
  }
  return response;
}

/** Serves protocol 5 on a socket. */
export function serveApp(chat: Chat, request: Request): Response {
  if (isForeign(request)) throw new ChatError("forbidden", "The web app's socket is for its own pages.");
  const asker = identify(chat, request);
  const { socket, response } = upgrade(request);
  const connection = new Connection(socket, chat.hub, appCodec);
  onOpen(socket, () =>
    connection.admit(async () => {
      connection.person = asker();
      const rooms = await chat.rooms.list(connection.person, { limit: ROOMS_IN_HELLO });
      const summaries = rooms.map(({ room, head }) => ({ room, head, online: chat.hub.online(room.id) }));
      connection.send(helloFrame(connection.person, VERSION, summaries));
    }));
  return response;
}

/** Learns who asks before the upgrade, which closes the request; a bad token is told once the socket is open. */
function identify(chat: Chat, request: Request): () => Asker {
  try {
    const asker = whoAsks(request, chat.guests);
    return () => asker;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function onOpen(socket: WebSocket, act: () => void): void {
  socket.addEventListener("open", act, { once: true });
}

function parseAddress(said: URLSearchParams): RoomHello {
  return asFirstFrame(() => parse(roomAddress, Object.fromEntries(said)));
}

/** Whatever is wrong with the frame that says who it is, the socket cannot go on: 4400. */
function asFirstFrame<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ChatError("bad_frame", domainError(error).message);
  }
}

async function joinRoom(
  chat: Chat,
  connection: Connection,
  asker: () => Asker,
  name: string,
  hello: RoomHello,
): Promise<void> {
  const { person, guestToken } = introduce(chat, asker, hello);
  const here = /^\d+$/.test(name) ? chat.hub.room(Number(name)) : undefined;
  const room = here ?? await chat.rooms.find(person, name);
  connection.person = person;
  connection.home = room.id;
  if (hello.batch) connection.codec = roomBatchCodec;
  await chat.hub.subscribe(connection, room.id, hello, (head) => {
    connection.send(connectedFrame(room.id, person, head, guestToken));
  });
}

/** Who a first frame is of: a token wins over a name; a name over the cookie of another one. */
function introduce(chat: Chat, asks: () => Asker, hello: RoomHello): { person: Person; guestToken?: string } {
  const token = hello.token ?? hello.guest_token;
  if (token !== undefined) return { person: holder(token, chat.guests), guestToken: hello.guest_token };
  const speaks = speaker(asks(), hello.username, chat.guests);
  if (!speaks) throw new ChatError("bad_frame", 'Say who you are first: {"username":"Alice"}.');
  return { person: speaks.person, guestToken: speaks.issued };
}
