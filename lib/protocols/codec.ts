/**
 * What a protocol is: frames from clients become commands, entries and news become frames. Nothing here decides anything.
 * @module
 */
import type { RoomEvent } from "@/lib/model/cluster.ts";
import type { ChatError } from "@/lib/errors.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { Unread } from "@/lib/chat/reads.ts";

/** What a client wants, whichever protocol it speaks. `room` is undefined where the socket is of one room. */
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

/** One protocol's way to say things. What returns a frame returns JSON text of an object; undefined says nothing. */
export interface Codec {
  /** The protocol's name, for figures. */
  readonly protocol: "room" | "lobby" | "chats" | "bearer" | "app";
  /** Reads a frame. Throws {@link ChatError} `bad_frame`, or `invalid` where a text breaks a rule. */
  decode(text: string): Command;
  /** An entry as everyone sees it. The sender's own copy gets its `nonce` added to the same text. */
  entry(room: Room, entry: Entry): string | undefined;
  /**
   * What stands before and after so many entries that come together, from `seq` `from` on, in the one frame that has them
   * with commas between; absent where each is a frame of its own.
   */
  batch?(room: Room, from: number, count: number): readonly [before: string, after: string];
  /** People came, in one frame each or in one for all; `here` are all who are here now. Sent to the others. */
  joined(room: Room, people: readonly Person[], here: readonly Present[]): readonly string[];
  /** Whether `joined` goes to the one who came, too. */
  readonly tellsSelf?: true;
  /** People left. */
  left(room: Room, people: readonly Person[], here: readonly Present[]): readonly string[];
  /** Who is here. */
  people(room: Room, here: readonly Present[]): string | undefined;
  /** Who types. */
  typing(room: Room, names: readonly string[]): string | undefined;
  /** Somebody began to type, or stopped: for a protocol that tells of each by itself. Sent to the others. */
  typed?(room: Room, person: Person, on: boolean): string;
  /** How far someone has read. */
  read(room: Room, by: Person, seq: number): string | undefined;
  /** What the account of this socket has not read in a room. */
  unread(room: number, unread: Unread): string | undefined;
  /** What was missed is too much or gone. */
  reset(room: Room, head: Head): string | undefined;
  /** A room came, changed or went. */
  roomEvent(event: RoomEvent, room: Room): string | undefined;
  /** A command was done; `post` is what a `post` made, `repeated` that its nonce had made it before. */
  done(result: Done): string | undefined;
  /** Something was refused. */
  error(error: ChatError, nonce: string | undefined): string;
  /** The answer to `ping`. */
  pong(nonce: string | undefined): string | undefined;
}

/** What a command has come to. */
export interface Done {
  readonly nonce: string | undefined;
  readonly room?: Room;
  readonly post?: Post;
  readonly entry?: Entry | undefined;
  readonly repeated?: boolean;
}

/** The frames of entries that come together, each encoded already. */
export function framesOf(codec: Codec, room: Room, from: number, entries: readonly string[]): readonly string[] {
  if (!codec.batch) return entries;
  const [before, after] = codec.batch(room, from, entries.length);
  return [before + entries.join(",") + after];
}

/** Adds a nonce to a frame that is the JSON text of an object. */
export function withNonce(frame: string, nonce: string): string {
  return `${frame.slice(0, -1)},"nonce":${JSON.stringify(nonce)}}`;
}

/** What is made once for each protocol and then the same for every socket that speaks it. */
export function oncePerCodec<T>(make: (codec: Codec) => T): (codec: Codec) => T {
  const made = new Map<Codec, { readonly value: T }>();
  return (codec) => {
    let known = made.get(codec);
    if (!known) made.set(codec, known = { value: make(codec) });
    return known.value;
  };
}
