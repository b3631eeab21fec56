/**
 * The whole keyspace. What is read from the store was perhaps written by an older version, so it is parsed with the schemas
 * here and nowhere else.
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
import { family, type Key, type Selection } from "@/lib/store/key.ts";

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
  readonly hashes: Float64Array<ArrayBuffer>;
}

/** The words of a filter of the nonces of a run of entries: log/nonce_filter.ts. `at` is when the last was written. */
export interface DedupFilter {
  readonly at: number;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** Until version 2 of the keyspace each entry stood alone. */
const batch: z.ZodType<readonly StoredEntry[]> = z.union([z.array(entry), entry.transform((alone) => [alone])]);

const job = z.object({
  kind: z.string(),
  payload: z.unknown(),
  /** How often it was begun. */
  tries: z.int(),
  createdAt: z.number(),
  /** Why it failed last. */
  error: z.string().optional(),
});

/** Work that follows a commit. */
export type Job = Immutable<z.infer<typeof job>>;

const bytes = z.instanceof(Uint8Array<ArrayBuffer>);
const id = z.int().positive();
const whole = z.int();
const mark = z.literal(true);
const text = z.string();
const dedupBlock: z.ZodType<DedupBlock> = z.object({
  at: z.number(),
  hashes: z.instanceof(Float64Array<ArrayBuffer>),
});
const dedupFilter: z.ZodType<DedupFilter> = z.object({ at: z.number(), words: z.instanceof(Uint32Array<ArrayBuffer>) });
const tokenKeys: z.ZodType<readonly TokenKey[]> = z.array(tokenKey);

/** The keyspace: every family of keys, by name. */
export const keys = {
  /** Version of the keyspace. */
  schema: family<[]>("schema").of<number>(whole),
  /** The last room id given. */
  roomCounter: family<[]>("counter", "room").of<number>(whole),
  /** A room; under 2 KB. */
  room: family<[room: number]>("room").of<Room>(room),
  /** The public room of a folded name. */
  roomByName: family<[folded: string]>("room_by_name").of<number>(id),
  /** The head of a room's log: compared and set by every commit, and watched. */
  head: family<[room: number]>("head").of<Head>(head),
  /** A batch of a room's log, under the `seq` of its last entry: log/batches.ts. */
  log: family<[room: number, last: number]>("log").of<readonly StoredEntry[]>(batch),
  /** That `reply` answers `root`. */
  thread: family<[room: number, root: number, reply: number]>("thread").of<true>(mark),
  /** That this person chose this emoji; the value is the name then. */
  reaction: family<[room: number, post: number, emoji: string, person: string]>("reaction").of<string>(text),
  /** The nonces of a room's entries `index * 1024 + 1` and the 1,023 after it; 8 KB. Expires after {@link DEDUP_TTL}. */
  dedupBlock: family<[room: number, index: number]>("nonces").of<DedupBlock>(dedupBlock),
  /** A filter of the nonces of a room's entries `index * 16384 + 1` and the 16,383 after it; 62 KiB. Expires as blocks do. */
  dedupFilter: family<[room: number, index: number]>("nonce_filter").of<DedupFilter>(dedupFilter),
  /** A job by when it is due, in milliseconds since 1970: jobs.ts. */
  job: family<[due: number, id: string]>("job").of<Job>(job),
  /** A job that failed for good. */
  deadJob: family<[id: string]>("dead_job").of<Job>(job),
  /** The public rooms, in order of id. */
  publicRoom: family<[room: number]>("public").of<true>(mark),
  /** The direct room of two accounts, in the order of their ids: {@link directRoom}. */
  direct: family<[lesser: string, greater: string]>("direct").of<number>(id),
  /** What an account is in a room. */
  member: family<[room: number, account: string]>("member").of<Membership>(membership),
  /** That an account belongs to a room: the same fact from the other side. */
  roomOf: family<[account: string, room: number]>("room_of").of<true>(mark),
  /** A link into a room. Expires with it. */
  invite: family<[code: string]>("invite").of<Invite>(invite),
  /** The links into a room. */
  inviteOf: family<[room: number, code: string]>("invite_of").of<true>(mark),
  /** A registered person; under 2 KB. */
  account: family<[account: string]>("account").of<Account>(account),
  /** The account of a folded name. */
  accountByName: family<[folded: string]>("account_by_name").of<string>(text),
  /** How many accounts there are. */
  accountCounter: family<[]>("counter", "account").of<number>(whole),
  /** The account that registered first. */
  founder: family<[]>("setting", "founder").of<string>(text),
  /** That what `DEMO=1` makes was made. */
  demo: family<[]>("setting", "demo").of<true>(mark),
  /** What an account signs in with. */
  password: family<[account: string]>("password").of<Password>(password),
  /** A session by the hash of its secret. Expires with it. */
  session: family<[id: string]>("session").of<Session>(session),
  /** That a session is an account's. */
  sessionOf: family<[account: string, id: string]>("session_of").of<true>(mark),
  /** Tries to sign in from one address under one name, by the hash of both. Expires after {@link SIGN_IN_ATTEMPTS_TTL}. */
  signInAttempts: family<[hash: string]>("tries").of<SignInAttempts>(signInAttempts),
  /** How far an account has read a room. */
  read: family<[account: string, room: number]>("read").of<ReadMark>(readMark),
  /** The newest messages of a room that mention an account, by `seq`, ascending. Only the room's log writes it. */
  mentions: family<[account: string, room: number]>("mentions").of<readonly number[]>(z.array(seq)),
  /** Watched: there is something new for this account. The value only has to be another one each time. */
  signal: family<[account: string]>("bell").of<string>(text),
  /** Watched: the ids of the instances that serve. */
  instances: family<[]>("instances").of<string[]>(z.array(text)),
  /** Watched: that an instance lives, and what has changed there. */
  heartbeat: family<[instance: string]>("pulse").of<Heartbeat>(heartbeat),
  /** Who is in a room at an instance, part by part. */
  presence: family<[instance: string, room: number, part: number]>("here").of<InstancePresence>(instancePresence),
  /** The number of the last commit of a process that left it there. Expires after {@link COMMIT_MARKER_TTL}. */
  commitMarker: family<[process: string, place: number]>("receipt").of<number>(whole),
  /** What a file is. */
  file: family<[file: string]>("file").of<StoredFile>(file),
  /** {@link FILE_CHUNK} bytes of a file, or what is left of it. */
  fileChunk: family<[file: string, n: number]>("file_chunk").of<Uint8Array<ArrayBuffer>>(bytes),
  /** A secret of the server, such as the one that signs guests' names; 32 bytes. */
  secret: family<[name: string]>("secret").of<Uint8Array<ArrayBuffer>>(bytes),
  /** The keys that sign access tokens, oldest first: compared and set when one is added. */
  tokenKeys: family<[]>("setting", "token_keys").of<readonly TokenKey[]>(tokenKeys),
};

/** The key of the direct room of two accounts, in whichever order they're given. */
export function directRoom(one: string, other: string): Key<number> {
  return one < other ? keys.direct(one, other) : keys.direct(other, one);
}

/** Everything that belongs to one room, beside its own key and head. */
export function ofRoom(room: number): Selection<unknown>[] {
  const { log, thread, reaction, dedupBlock, dedupFilter, member, inviteOf } = keys;
  return [log, thread, reaction, dedupBlock, dedupFilter, member, inviteOf].map((family) => family.under(room));
}

/** How long nonces are kept beside the log, in milliseconds: longer than they are remembered. */
export const DEDUP_TTL = 2 * 24 * 3600 * 1000;
/** How long a commit marker is kept, in milliseconds. */
export const COMMIT_MARKER_TTL = 3600 * 1000;
/** How long attempts to sign in count, in milliseconds. */
export const SIGN_IN_ATTEMPTS_TTL = 3 * 60 * 1000;
/** Bytes of a file that stand under one key. */
export const FILE_CHUNK = 60 * 1024;
/** The version of the keyspace that this program writes. */
export const SCHEMA = 4;
