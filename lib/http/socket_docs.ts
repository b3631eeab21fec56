/**
 * The reference of the sockets, which `/docs/websocket` shows. A test fails for a socket's route that is not here.
 * @module
 */
import { CONTENT_MAX, USERNAME_MAX } from "@/lib/model/limits.ts";
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
  [1000, "A normal close."],
  [1001, "The server is stopping. Reconnect at once, with some jitter."],
  [1008, "Protocols 2 to 4: not signed in, not allowed, no such room, or ten bad frames in a row."],
  [1009, "A frame over 64 KiB."],
  [1011, "An error in the server. Try again later."],
  [1013, "The database doesn't answer. Try again in a moment."],
  [4400, "No first frame, a bad one, or ten bad frames in a row."],
  [4401, "Sign in again: the token is invalid or expired, the session has ended, or the name belongs to an account."],
  [4403, "Not allowed."],
  [4404, "No such room, or a private one that you aren't in."],
  [4408, "You read too slowly and had over 1 MiB waiting. Reconnect and resume."],
  [4410, "The room was deleted."],
  [4429, "Too many requests. Wait for retry_after seconds."],
];

/** The rules of every protocol. */
export const SHARED_RULES: readonly string[] = [
  "Frames are JSON text in UTF-8, of at most 64 KiB. Unknown keys are ignored.",
  "You are who your token says (?token= or an Authorization header), or your session's cookie, which counts only from " +
  "this server's own pages. Without either you're a guest. A bad token is refused; it never makes you a guest.",
  "A bad frame, or a binary one, gets an error frame, and the socket stays open. Ten in a row close it.",
  "Before a close with 1008, or with 4400 or above, an error frame says why.",
  `A message has 1 to ${CONTENT_MAX} characters, a name 1 to ${USERNAME_MAX}. You can post 10 times a second, 40 in a burst.`,
];
