/**
 * How a client of protocol 1 says who it is: in the query of the address, or in its first frame.
 * @module
 */
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { parseJson } from "@/lib/protocols/json.ts";
import { parse, parseFrame } from "@/lib/protocols/parse.ts";
import { roomAddress, type RoomHello, roomHello } from "@/lib/protocols/room/frames.ts";

const WHO = ["username", "token", "guest_token"];
const nameOnly = z.object({ type: z.never().optional(), after: z.never().optional(), username: z.string() });

/** Whether the query says who the client is, so that no first frame is needed. */
export function isHello(query: URLSearchParams): boolean {
  return WHO.some((name) => query.has(name));
}

/**
 * Reads the query and the first frame, where there is one; what the frame says counts.
 *
 * @throws {ChatError} `bad_frame`, whatever is wrong: without this the socket can't go on.
 */
export function readHello(query: URLSearchParams, frame?: string): RoomHello {
  try {
    const address: Partial<RoomHello> = query.size === 0 ? {} : parse(roomAddress, Object.fromEntries(query));
    if (frame === undefined) return { guestToken: undefined, ...address };
    const hello = parseFrame(roomHello, frame);
    return { ...address, ...hello, batch: hello.batch || address.batch };
  } catch (error) {
    throw error instanceof ChatError ? new ChatError("bad_frame", error.message) : error;
  }
}

/** Whether a frame only repeats who the client is, as some send it although the address has said so. */
export function isRedundantHello(frame: string): boolean {
  try {
    return nameOnly.safeParse(parseJson(frame)).success;
  } catch {
    return false;
  }
}

/** The refusal of a client that didn't say who it is. */
export function helloMissing(): ChatError {
  return new ChatError("bad_frame", 'Say who you are first: {"username":"Alice"}.');
}
