/**
 * From an upgrade request to a {@link Connection}: who it is, which room, and a first frame within ten seconds.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Head } from "@/lib/model/room.ts";
import { accountOf, type Actor, type Principal } from "@/lib/chat/policy.ts";
import { unread } from "@/lib/chat/reads.ts";
import {
  authenticate,
  isCrossSite,
  isUpgrade,
  principalOf,
  readCredentials,
  resolveAuthor,
} from "@/lib/http/authenticate.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import type { Position } from "@/lib/live/catch_up.ts";
import { Connection } from "@/lib/live/connection.ts";
import { appCodec, helloFrame } from "@/lib/protocols/app/codec.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { connectedFrame, roomBatchCodec, roomCodec } from "@/lib/protocols/room/codec.ts";
import type { RoomHello } from "@/lib/protocols/room/frames.ts";
import { helloMissing, isHello, isRedundantHello, readHello } from "@/lib/protocols/room/hello.ts";

/** The version of the program that `hello` and `/health` tell. */
export const VERSION = "0.1.0";

const ROOMS_IN_HELLO = 1_000;

/** A request to open a socket, with the server's parts and where it comes from. */
export interface UpgradeRequest {
  readonly req: Request;
  readonly state: Pick<State, "chat" | "address">;
}

/** Who somebody on a socket turns out to be, and the room, by id or name, where they want to be. */
export interface JoinRequest {
  readonly identity: Principal;
  readonly room: string;
}

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
export function serveRoom({ req, state: { chat, address } }: UpgradeRequest, room: string): Response {
  const asks = asking(chat, req, address), said = new URL(req.url).searchParams;
  const { socket, response } = upgrade(req);
  const connection = new Connection(socket, chat.hub, roomCodec, address);
  const join = (frame?: string) => joinRoom(chat, connection, asks, room, readHello(said, frame));
  if (isHello(said)) {
    onOpen(socket, () => connection.admit(() => join()));
    connection.skipRedundantHello(isRedundantHello);
  } else connection.awaitHello(join);
  return response;
}

/** Serves a protocol of one room whose address says everything. What `arrive` throws closes the socket with 1008. */
export function serveDialect(
  { req, state: { chat, address } }: UpgradeRequest,
  codec: Codec,
  arrive: (actor: Actor) => Promise<JoinRequest>,
): Response {
  const asks = asking(chat, req, address);
  const { socket, response } = upgrade(req);
  const connection = new Connection(socket, chat.hub, codec, address, 1008);
  onOpen(socket, () =>
    connection.admit(async () => {
      const { identity, room } = await arrive(await asks());
      await enter(chat, connection, identity, room);
    }));
  return response;
}

/** Serves protocol 5 on a socket. */
export function serveApp({ req, state: { chat, address } }: UpgradeRequest): Response {
  if (isCrossSite(req, [])) throw new ChatError("forbidden", "The web app's socket is for its own pages.");
  const asks = asking(chat, req, address);
  const { socket, response } = upgrade(req);
  const connection = new Connection(socket, chat.hub, appCodec, address);
  onOpen(socket, () =>
    connection.admit(async () => {
      const actor = connection.actor = await asks();
      const follows = await chat.hub.accountChannels.attach(connection)?.open();
      const listed = await chat.rooms.list(actor, { limit: ROOMS_IN_HELLO });
      const rooms = listed.map(({ room, head }) => {
        const follow = follows?.get(room.id);
        const { count, mentions } = follow ? unread(head, follow) : { count: 0, mentions: 0 };
        return { room, head, online: chat.hub.online.count(room.id), unread: count, mentions };
      });
      connection.send(helloFrame(actor?.person ?? null, VERSION, rooms));
    }));
  return response;
}

/** Reads who asks before the upgrade, which closes the request; a bad token is told once the socket is open. */
function asking(chat: Chat, request: Request, address: string): () => Promise<Actor> {
  const claims = readCredentials(request, chat.site.corsOrigins);
  return async () => {
    chat.limits?.take("join", address, performance.now());
    return (await authenticate(chat, claims)).actor;
  };
}

function onOpen(socket: WebSocket, act: () => void): void {
  socket.addEventListener("open", act, { once: true });
}

async function joinRoom(
  chat: Chat,
  connection: Connection,
  asks: () => Promise<Actor>,
  room: string,
  hello: RoomHello,
): Promise<void> {
  const { identity, guestToken } = await identify(chat, asks, hello);
  if (hello.batch) connection.codec = roomBatchCodec;
  await enter(chat, connection, identity, room, hello, (id, head) => {
    connection.send(connectedFrame(id, identity.person, head, guestToken));
  });
}

/** Lets somebody into the one room of a socket; it is greeted first, where the protocol does that. */
async function enter(
  chat: Chat,
  connection: Connection,
  identity: Principal,
  name: string,
  position: Position = {},
  greet?: (room: number, head: Head) => void,
): Promise<void> {
  const here = /^\d+$/.test(name) ? chat.hub.channel(Number(name))?.room : undefined;
  const { id } = here ?? (await chat.rooms.find(identity, name)).room;
  connection.actor = identity;
  connection.boundRoom = id;
  if (accountOf(identity)) chat.hub.accountChannels.attach(connection);
  await chat.hub.subscribe(connection, id, position, (head) => greet?.(id, head));
}

/** Who a first frame is of: a token wins over a name; a name over the cookie of another one. */
async function identify(
  chat: Chat,
  asks: () => Promise<Actor>,
  hello: RoomHello,
): Promise<{ identity: Principal; guestToken?: string | undefined }> {
  const actor = await asks(), token = hello.token ?? hello.guestToken;
  if (token !== undefined) return { identity: await principalOf(chat, token), guestToken: hello.guestToken };
  const speaks = await resolveAuthor(chat, actor, hello.username);
  if (!speaks) throw helloMissing();
  return { identity: speaks.identity, guestToken: speaks.issued };
}
