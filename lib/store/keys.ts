/**
 * The whole keyspace: a function for each key, and the schema of what stands there. What is read from the store was
 * perhaps written by an older version, so it is parsed here and nowhere else.
 * @module
 */
import { z } from "zod";
import type { Deletion, Head, Person, PinChange, Post, ReactionChange, Room, RoomChange } from "@/lib/chat/entries.ts";

/** A place in the store and the shape of its value. */
export interface Key<T> {
  readonly path: Deno.KvKey;
  readonly schema: z.ZodType<T>;
}

/** An edit as it is stored: what the message says stands in the post alone, so that a deletion leaves no copy. */
export interface StoredEdit {
  readonly type: "edit";
  readonly seq: number;
  readonly at: number;
  readonly by: Person;
  readonly post: number;
}

/** What nonces made a run of entries: a hash each, 0 where there was none; `at` is when the last was written. */
export interface NonceSpan {
  readonly at: number;
  readonly hashes: Float64Array;
}

/** An entry as the log keeps it. About 300 bytes and the content, which is at most 12 KB. */
export type StoredEntry = Post | StoredEdit | Deletion | ReactionChange | PinChange | RoomChange;

const seq = z.int().positive();
const person: z.ZodType<Person> = z.object({ id: z.string(), name: z.string(), guest: z.boolean() });
const change = { seq, at: z.number(), by: person };

const room: z.ZodType<Room> = z.object({
  id: z.int().positive(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(["public", "private", "direct"]),
  archived: z.boolean(),
  createdAt: z.number(),
  createdBy: person.nullable(),
});

const head: z.ZodType<Head> = z.object({
  epoch: z.string(),
  seq: z.int().min(0),
  posts: z.int().min(0),
  at: z.number(),
});

const post = z.object({
  type: z.literal("post"),
  ...change,
  content: z.string(),
  nonce: z.string().optional(),
  editedAt: z.number().nullable(),
  replyTo: seq.nullable(),
  pinned: z.boolean(),
  reactions: z.array(z.object({ emoji: z.string(), count: z.int().positive(), users: z.array(z.string()) })),
});

const entry: z.ZodType<StoredEntry> = z.discriminatedUnion("type", [
  post,
  z.object({ type: z.literal("edit"), ...change, post: seq }),
  z.object({ type: z.literal("delete"), ...change, post: seq, nonce: z.string().optional() }),
  z.object({ type: z.literal("react"), ...change, post: seq, emoji: z.string(), on: z.boolean(), count: z.int() }),
  z.object({ type: z.literal("pin"), ...change, post: seq, on: z.boolean() }),
  z.object({ type: z.literal("room"), ...change, name: z.string(), description: z.string(), archived: z.boolean() }),
]);

const id = z.int().positive();
const whole = z.int();
const mark = z.literal(true);
const text = z.string();
const bytes = z.instanceof(Uint8Array<ArrayBuffer>);

const nonceSpan: z.ZodType<NonceSpan> = z.object({ at: z.number(), hashes: z.instanceof(Float64Array) });

/** Every key of the store. */
export const keys = {
  /** Version of the keyspace. */
  schema: (): Key<number> => ({ path: ["schema"], schema: whole }),
  /** The last room id given. */
  roomCounter: (): Key<number> => ({ path: ["counter", "room"], schema: whole }),
  /** A room; under 2 KB. */
  room: (room_: number): Key<Room> => ({ path: ["room", room_], schema: room }),
  /** The public room of a folded name. */
  roomByName: (folded: string): Key<number> => ({ path: ["room_by_name", folded], schema: id }),
  /** Where a room's log stands: compared and set by every commit, and watched. */
  head: (room_: number): Key<Head> => ({ path: ["head", room_], schema: head }),
  /** An entry of a room's log. */
  log: (room_: number, seq: number): Key<StoredEntry> => ({ path: ["log", room_, seq], schema: entry }),
  /** That `reply` answers `root`. */
  thread: (room_: number, root: number, reply: number): Key<true> => ({
    path: ["thread", room_, root, reply],
    schema: mark,
  }),
  /** That this person chose this emoji; the value is the name then. */
  reaction: (room_: number, post: number, emoji: string, person: string): Key<string> => ({
    path: ["reaction", room_, post, emoji, person],
    schema: text,
  }),
  /** The nonces of a room's entries `index * 1024 + 1` and the 1,023 after it; 8 KB. Expires after {@link NONCES_TTL}. */
  nonces: (room_: number, index: number): Key<NonceSpan> => ({ path: ["nonces", room_, index], schema: nonceSpan }),
  /** That a room was deleted and what belonged to it is still being removed. */
  sweep: (room_: number): Key<true> => ({ path: ["sweep", room_], schema: mark }),
  /** A secret of the server, such as the one that signs guest names; 32 bytes. */
  secret: (name: string): Key<Uint8Array<ArrayBuffer>> => ({
    path: ["setting", `secret.${name}`],
    schema: bytes,
  }),
};

/** Prefixes under which everything belongs to one room, beside its own keys. */
export function roomPrefixes(room: number): Deno.KvKey[] {
  return [["log", room], ["thread", room], ["reaction", room], ["nonces", room]];
}

/** How long a span of nonces is kept, in milliseconds. */
export const NONCES_TTL = 7 * 24 * 3600 * 1000;
/** The version of the keyspace that this program writes. */
export const SCHEMA = 1;
