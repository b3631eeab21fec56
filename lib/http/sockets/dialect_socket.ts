/**
 * Protocols 2, 3 and 4 on a socket: one room, and the address of the request says everything.
 * @module
 */
import type { Context } from "fresh";
import { accountOf, type Actor, type Principal } from "@/lib/chat/policy.ts";
import { ChatError } from "@/lib/errors.ts";
import { readCredentials, resolveAuthor } from "@/lib/http/authenticate.ts";
import { enterRoom } from "@/lib/http/sockets/room_socket.ts";
import { onOpen, upgrade, type UpgradeRequest } from "@/lib/http/sockets/upgrade.ts";
import type { State } from "@/lib/http/state.ts";
import { Connection } from "@/lib/live/connection.ts";
import { GENERAL } from "@/lib/model/room.ts";
import { username } from "@/lib/model/schema/text.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { lobbyCodec } from "@/lib/protocols/lobby/codec.ts";
import { parse } from "@/lib/protocols/parse.ts";

/** Who joins, and the room's id or name. */
export interface JoinRequest {
  readonly identity: Principal;
  readonly room: string;
}

/** Serves a protocol whose address says everything. An error of `identify` closes the socket with 1008. */
export function serveDialect(
  request: UpgradeRequest,
  codec: Codec,
  identify: (actor: Actor) => JoinRequest | Promise<JoinRequest>,
): Response {
  const { chat, address } = request.state, { socket, response, connect } = upgrade(request);
  const connection = new Connection(socket, chat.hub, codec, address, 1008);
  onOpen(socket, () =>
    connection.admit(async () => {
      const { identity, room } = await identify(await connect());
      await enterRoom(chat, connection, identity, room);
    }));
  return response;
}

/** Serves protocol 2: accounts and tokens in their own name, all others in the name that the path has. */
export function serveLobby(ctx: Context<State>, name: string): Response {
  const { req, url, state: { chat, address } } = ctx;
  const room = url.searchParams.get("room") || String(GENERAL);
  const hasToken = readCredentials(req, []).token !== undefined;
  return serveDialect(ctx, lobbyCodec, async (actor) => {
    const isKnown = hasToken || accountOf(actor) !== null;
    const author = await resolveAuthor(chat, { actor, address }, isKnown ? undefined : parse(username, name));
    if (!author) throw new ChatError("sign_in", "Enter a name in the address.");
    return { identity: author.identity, room };
  });
}
