/**
 * The interface of a protocol: it decodes clients' frames into commands, and encodes entries and events as frames. It
 * decides nothing.
 * @module
 */
import type { RoomEvent } from "@/lib/model/cluster.ts";
import type { ChatError } from "@/lib/errors.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { Unread } from "@/lib/chat/reads.ts";

/** A client's request, in any protocol. `room` is undefined where the socket is bound to one room. */
export type Command =
  & { readonly nonce?: string | undefined }
  & (
    | { readonly type: "subscribe"; readonly room: number; readonly after?: number; readonly epoch?: string }
    | { readonly type: "unsubscribe"; readonly room: number }
    | { readonly type: "post"; readonly room?: number; readonly content: string; readonly replyTo?: number }
    | { readonly type: "edit"; readonly room?: number; readonly id: number; readonly content: string }
    | { readonly type: "delete"; readonly room?: number; readonly id: number }
    | {
      readonly type: "react";
      readonly room?: number;
      readonly id: number;
      readonly emoji: string;
      readonly on: boolean;
    }
    | { readonly type: "pin"; readonly room?: number; readonly id: number; readonly on: boolean }
    | { readonly type: "typing"; readonly room?: number; readonly on: boolean }
    | { readonly type: "read"; readonly room?: number; readonly seq: number }
    | ({ readonly type: "status" } & Status)
    | { readonly type: "ping" }
  );

/**
 * A protocol's wire format. Methods that encode return the JSON text of an object, which is one frame; undefined sends
 * nothing. The optional ones are absent where a protocol has no such frame.
 */
export interface Codec {
  /** The protocol's name, for metrics. */
  readonly protocol: "room" | "lobby" | "chats" | "bearer" | "app";
  /** Parses a frame. Throws {@link ChatError} `bad_frame`, or `invalid` where a text breaks a rule. */
  decode(text: string): Command;
  /** An entry as everyone sees it, so without its nonce: {@link withNonce} adds that for the author. */
  entry(room: Room, entry: Entry): string | undefined;
  /** A refusal; `nonce` is that of the refused command. */
  error(error: ChatError, nonce: string | undefined): string;
  /**
   * What stands before and after `count` entries that are sent together, the first of them at `from`, in one frame that has
   * them with commas between; absent where each entry is a frame of its own.
   */
  batch?(room: Room, from: number, count: number): readonly [before: string, after: string];
  /** People came, in one frame each or in one for all; `here` is everyone who is here now. Sent to the others. */
  joined?(room: Room, people: readonly Person[], here: readonly Present[]): readonly string[];
  /** Whether `joined` goes to the people who came as well. */
  readonly echoesJoin?: true;
  /** People left. */
  left?(room: Room, people: readonly Person[], here: readonly Present[]): readonly string[];
  /** Who is here. */
  people?(room: Room, here: readonly Present[]): string;
  /** Who types. */
  typing?(room: Room, names: readonly string[]): string;
  /** A person started or stopped typing, for a protocol with a frame for each of them. Sent to the others. */
  typed?(room: Room, person: Person, on: boolean): string;
  /** How far a person has read. */
  read?(room: Room, by: Person, seq: number): string;
  /** What this socket's account has not read in a room. */
  unread?(room: number, unread: Unread): string;
  /** The missed entries are too many or gone: the client has to load history again. */
  reset?(room: Room, head: Head): string;
  /** A room was created, changed or deleted. */
  roomEvent?(event: RoomEvent, room: Room): string | undefined;
  /** The acknowledgement of a command. */
  done?(result: Done): string | undefined;
  /** The answer to `ping`. */
  pong?(nonce: string | undefined): string;
}

/** The result of a command. */
export interface Done {
  readonly nonce: string | undefined;
  readonly room?: Room;
  /** The message of a `post`. */
  readonly post?: Post;
  readonly entry?: Entry | undefined;
  /** Whether the `post`'s nonce had made that message before. */
  readonly repeated?: boolean;
}

/** Puts encoded entries that are sent together into frames. */
export function framesOf(codec: Codec, room: Room, from: number, entries: readonly string[]): readonly string[] {
  if (!codec.batch) return entries;
  const [before, after] = codec.batch(room, from, entries.length);
  return [before + entries.join(",") + after];
}

/** Adds a nonce to a frame that is the JSON text of an object. */
export function withNonce(frame: string, nonce: string): string {
  return `${frame.slice(0, -1)},"nonce":${JSON.stringify(nonce)}}`;
}

/** Memoizes a value per codec, so that a frame is encoded once for all sockets of a protocol. */
export function oncePerCodec<T>(make: (codec: Codec) => T): (codec: Codec) => T {
  const made = new Map<Codec, { readonly value: T }>();
  return (codec) => {
    let known = made.get(codec);
    if (!known) made.set(codec, known = { value: make(codec) });
    return known.value;
  };
}
