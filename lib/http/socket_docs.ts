/**
 * Everything that the sockets of this server speak. A test fails for a socket's route that is not here.
 * @module
 */
import { appProtocol } from "@/lib/protocols/app/docs.ts";
import { bearerProtocol } from "@/lib/protocols/bearer/docs.ts";
import { chatsProtocol } from "@/lib/protocols/chats/docs.ts";
import type { SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { lobbyProtocol } from "@/lib/protocols/lobby/docs.ts";
import { roomProtocol } from "@/lib/protocols/room/docs.ts";

/** The protocols in the order of their numbers. */
export const PROTOCOLS: readonly SocketProtocol[] = [
  roomProtocol,
  lobbyProtocol,
  chatsProtocol,
  bearerProtocol,
  appProtocol,
];

/** What each close code means, and what a client does then. */
export const CLOSES: readonly (readonly [code: number, meaning: string])[] = [
  [1000, "A clean goodbye."],
  [1001, "The server goes away: reconnect at once, with jitter."],
  [1008, "Protocols 2 to 4: not signed in, not allowed, no such room, or ten bad frames in a row."],
  [1009, "A frame over 64 KiB."],
  [1011, "Something went wrong in the server: try again later."],
  [1013, "The store does not answer: try again in a moment."],
  [4400, "No first frame, a bad one, or ten bad frames in a row."],
  [4401, "Sign in: the token is bad, has run out, or its session has ended; or the name belongs to an account."],
  [4403, "Not allowed."],
  [4404, "No such room, or one that you may not know of."],
  [4408, "You read too slowly, with over 1 MiB unsent: come back and resume."],
  [4410, "The room was deleted."],
  [4429, "Too much at once: wait as long as retry_after says."],
];

/** What holds in all of them. */
export const SHARED_RULES: readonly string[] = [
  "Frames are JSON text in UTF-8, of at most 64 KiB. Keys that are not known are ignored.",
  "Who asks: the cookie of a session, which counts for nothing with a foreign Origin; a token as ?token= or in an " +
  "Authorization header; or nobody, a guest. A bad token is never silently a guest.",
  "A bad frame, a binary one too, gets an error frame, and the socket stays; ten in a row close it.",
  "Before a close with 1008 or a code from 4400 on, an error frame says why.",
  "A message has 1 to 4,000 characters, a name 1 to 20. One may post 10 times a second, 40 at once.",
];
