/**
 * Who comes into the lobby of protocol 2, and into which room.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { GENERAL } from "@/lib/chat/entries.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { username } from "@/lib/chat/text.ts";
import { serveDialect } from "@/lib/http/sockets.ts";
import type { State } from "@/lib/http/state.ts";
import { claimsOf, speaker } from "@/lib/http/who.ts";
import { lobbyCodec } from "@/lib/protocol/lobby.ts";
import { parse } from "@/lib/protocol/schemas.ts";

/** Serves protocol 2 on a socket: for an account or a token in its own name, for all others in the one of the path. */
export function serveLobby(ctx: Context<State>, name: string): Response {
  const { req, url, state: { chat } } = ctx;
  const room = url.searchParams.get("room") || String(GENERAL);
  const hasToken = claimsOf(req, []).token !== undefined;
  return serveDialect(ctx, lobbyCodec, async (asker) => {
    const isSaid = hasToken || accountOf(asker) !== null;
    const speaks = await speaker(chat, asker, isSaid ? undefined : parse(username, name));
    if (!speaks) throw new ChatError("sign_in", "Say who you are: put a name into the address.");
    return { identity: speaks.identity, room };
  });
}
