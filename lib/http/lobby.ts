/**
 * Who comes into the lobby of protocol 2, and into which room.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { GENERAL } from "@/lib/model/room.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { username } from "@/lib/model/schema/text.ts";
import { serveDialect } from "@/lib/http/sockets.ts";
import type { State } from "@/lib/http/state.ts";
import { readCredentials, resolveAuthor } from "@/lib/http/authenticate.ts";
import { lobbyCodec } from "@/lib/protocols/lobby/codec.ts";
import { parse } from "@/lib/protocols/parse.ts";

/** Serves protocol 2 on a socket: for an account or a token in its own name, for all others in the one of the path. */
export function serveLobby(ctx: Context<State>, name: string): Response {
  const { req, url, state: { chat } } = ctx;
  const room = url.searchParams.get("room") || String(GENERAL);
  const hasToken = readCredentials(req, []).token !== undefined;
  return serveDialect(ctx, lobbyCodec, async (actor) => {
    const isSaid = hasToken || accountOf(actor) !== null;
    const speaks = await resolveAuthor(chat, actor, isSaid ? undefined : parse(username, name));
    if (!speaks) throw new ChatError("sign_in", "Say who you are: put a name into the address.");
    return { identity: speaks.identity, room };
  });
}
