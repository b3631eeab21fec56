/**
 * The whole keyspace: a function for each key, and the schema of what stands there. What is read from the store was
 * perhaps written by an older version, so it is parsed here and nowhere else.
 * @module
 */
import { z } from "zod";
import { account, password, session, signInAttempts, tokenKey } from "@/lib/model/schema/account.ts";
import { heartbeat, instancePresence } from "@/lib/model/schema/cluster.ts";
import {
  change,
  deletion,
  memberChange,
  pinChange,
  post,
  reactionChange,
  roomChange,
  seq,
} from "@/lib/model/schema/entry.ts";
import { storedFile as file } from "@/lib/model/schema/file.ts";
import { invite, membership, readMark } from "@/lib/model/schema/membership.ts";
import { head, room } from "@/lib/model/schema/room.ts";
import type { Account, Password, Session, SignInAttempts, TokenKey } from "@/lib/model/account.ts";
import type { Heartbeat, InstancePresence } from "@/lib/model/cluster.ts";
import type { StoredFile } from "@/lib/model/file.ts";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { Invite, Membership, ReadMark } from "@/lib/model/membership.ts";
import type { Head, Room } from "@/lib/model/room.ts";

/** A place in the store and the shape of its value. */
export interface Key<T> {
  readonly path: Deno.KvKey;
  readonly schema: z.ZodType<T>;
}

/** An edit as it is stored: the text stands in the post alone, so that a deletion leaves no copy. */
const storedEdit = z.object({ type: z.literal("edit"), ...change, post: seq });

const entry = z.discriminatedUnion("type", [
  post,
  storedEdit,
  deletion,
  reactionChange,
  pinChange,
  roomChange,
  memberChange,
]);

/** An edit as it is stored, without the text. */
export type StoredEdit = Immutable<z.infer<typeof storedEdit>>;

/** An entry as the log keeps it. About 300 bytes and the content, which is at most 12 KB. */
export type StoredEntry = Immutable<z.infer<typeof entry>>;

/** Hashes of the nonces of a run of entries, 0 where there was none; `at` is when the last was written. */
export interface DedupBlock {
  readonly at: number;
  readonly hashes: Float64Array;
}

/** Until version 2 of the keyspace each entry stood alone. */
const row: z.ZodType<readonly StoredEntry[]> = z.union([z.array(entry), entry.transform((alone) => [alone])]);

const bytes = z.instanceof(Uint8Array<ArrayBuffer>);
const id = z.int().positive();
const whole = z.int();
const mark = z.literal(true);
const text = z.string();
const nonceSpan: z.ZodType<DedupBlock> = z.object({ at: z.number(), hashes: z.instanceof(Float64Array) });
const tokenKeys: z.ZodType<readonly TokenKey[]> = z.array(tokenKey);

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
  /** A row of a room's log, under the `seq` of its last entry: rows.ts. */
  log: (room_: number, last: number): Key<readonly StoredEntry[]> => ({ path: ["log", room_, last], schema: row }),
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
  /** The nonces of a room's entries `index * 1024 + 1` and the 1,023 after it; 8 KB. Expires after {@link DEDUP_TTL}. */
  nonces: (room_: number, index: number): Key<DedupBlock> => ({ path: ["nonces", room_, index], schema: nonceSpan }),
  /** That a room was deleted and what belonged to it is still being removed. */
  sweep: (room_: number): Key<true> => ({ path: ["sweep", room_], schema: mark }),
  /** The public rooms, in order of id. */
  publicRoom: (room_: number): Key<true> => ({ path: ["public", room_], schema: mark }),
  /** The direct room of two accounts, whoever of them asks. */
  direct: (one: string, other: string): Key<number> => ({ path: ["direct", ...[one, other].sort()], schema: id }),
  /** What an account is in a room. */
  member: (room_: number, account_: string): Key<Membership> => ({
    path: ["member", room_, account_],
    schema: membership,
  }),
  /** That an account belongs to a room: the same fact from the other side. */
  roomOf: (account_: string, room_: number): Key<true> => ({ path: ["room_of", account_, room_], schema: mark }),
  /** A link into a room. Expires with it. */
  invite: (code: string): Key<Invite> => ({ path: ["invite", code], schema: invite }),
  /** The links into a room. */
  inviteOf: (room_: number, code: string): Key<true> => ({ path: ["invite_of", room_, code], schema: mark }),
  /** Somebody who has registered; under 2 KB. */
  account: (account_: string): Key<Account> => ({ path: ["account", account_], schema: account }),
  /** The account of a folded name. */
  accountByName: (folded: string): Key<string> => ({ path: ["account_by_name", folded], schema: text }),
  /** How many accounts there are. */
  accountCounter: (): Key<number> => ({ path: ["counter", "account"], schema: whole }),
  /** The account that registered first. */
  founder: (): Key<string> => ({ path: ["setting", "founder"], schema: text }),
  /** That what `DEMO=1` makes was made. */
  demo: (): Key<true> => ({ path: ["setting", "demo"], schema: mark }),
  /** What an account signs in with. */
  password: (account_: string): Key<Password> => ({ path: ["credential", account_, "password"], schema: password }),
  /** A session by the hash of its secret. Expires with it. */
  session: (id_: string): Key<Session> => ({ path: ["session", id_], schema: session }),
  /** That a session is an account's. */
  sessionOf: (account_: string, id_: string): Key<true> => ({ path: ["session_of", account_, id_], schema: mark }),
  /** Tries to sign in from one address under one name, by the hash of both. Expires after {@link SIGN_IN_ATTEMPTS_TTL}. */
  tries: (hash: string): Key<SignInAttempts> => ({ path: ["tries", hash], schema: signInAttempts }),
  /** How far an account has read a room. */
  read: (account_: string, room_: number): Key<ReadMark> => ({ path: ["read", account_, room_], schema: readMark }),
  /** That an account was named in a message which it has not read. */
  mention: (account_: string, room_: number, seq: number): Key<true> => ({
    path: ["mention", account_, room_, seq],
    schema: mark,
  }),
  /** Watched: there is something new for this account. The value only has to be another one each time. */
  bell: (account_: string): Key<string> => ({ path: ["bell", account_], schema: text }),
  /** Watched: the ids of the instances that serve. */
  instances: (): Key<string[]> => ({ path: ["instances"], schema: z.array(z.string()) }),
  /** Watched: that an instance lives, and what has changed there. */
  pulse: (instance: string): Key<Heartbeat> => ({ path: ["pulse", instance], schema: heartbeat }),
  /** Who is in a room at an instance, part by part. */
  here: (instance: string, room_: number, part: number): Key<InstancePresence> => ({
    path: ["here", instance, room_, part],
    schema: instancePresence,
  }),
  /** The number of the last commit of a process that left it there. Expires after {@link COMMIT_MARKER_TTL}. */
  receipt: (process: string, place: number): Key<number> => ({ path: ["receipt", process, place], schema: whole }),
  /** What a file is. */
  file: (id_: string): Key<StoredFile> => ({ path: ["file", id_], schema: file }),
  /** {@link FILE_CHUNK} bytes of a file, or what is left of it. */
  fileChunk: (id_: string, n: number): Key<Uint8Array<ArrayBuffer>> => ({
    path: ["file_chunk", id_, n],
    schema: bytes,
  }),
  /** A secret of the server, such as the one that signs guest names; 32 bytes. */
  secret: (name: string): Key<Uint8Array<ArrayBuffer>> => ({
    path: ["setting", `secret.${name}`],
    schema: bytes,
  }),
  /** The keys that sign access tokens, oldest first: compared and set when one is added. */
  tokenKeys: (): Key<readonly TokenKey[]> => ({ path: ["setting", "token_keys"], schema: tokenKeys }),
};

/** All keys that differ from this one in their last part alone, or in so many of the last. */
export function siblings({ path }: Key<unknown>, parts = 1): { readonly prefix: Deno.KvKey } {
  return { prefix: path.slice(0, -parts) };
}

/** Prefixes under which everything belongs to one room, beside its own keys. */
export function roomPrefixes(room: number): Deno.KvKey[] {
  return [["log", room], ["thread", room], ["reaction", room], ["nonces", room], ["member", room], [
    "invite_of",
    room,
  ]];
}

/** How long a span of nonces is kept, in milliseconds. */
export const DEDUP_TTL = 7 * 24 * 3600 * 1000;
/** How long it is kept what a process has committed last, in milliseconds. */
export const COMMIT_MARKER_TTL = 3600 * 1000;
/** How long tries to sign in count, in milliseconds. */
export const SIGN_IN_ATTEMPTS_TTL = 3 * 60 * 1000;
/** Bytes of a file that stand under one key. */
export const FILE_CHUNK = 60 * 1024;
/** The version of the keyspace that this program writes. */
export const SCHEMA = 3;
