/**
 * The whole keyspace: a function for each key, and the schema of what stands there. What is read from the store was
 * perhaps written by an older version, so it is parsed here and nowhere else.
 * @module
 */
import { z } from "zod";
import type {
  Deletion,
  Head,
  MemberChange,
  Person,
  PinChange,
  Post,
  Present,
  ReactionChange,
  Role,
  Room,
  RoomChange,
} from "@/lib/model/entry.ts";

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
export interface DedupBlock {
  readonly at: number;
  readonly hashes: Float64Array;
}

/** A key that signs access tokens, under the name that the tokens give it. `at` is when it was made. */
export interface TokenKey {
  readonly kid: string;
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly at: number;
}

/** An entry as the log keeps it. About 300 bytes and the content, which is at most 12 KB. */
export type StoredEntry = Post | StoredEdit | Deletion | ReactionChange | PinChange | RoomChange | MemberChange;

/** Somebody who has registered. What they sign in with stands beside it: {@link Password}, and others may come. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** A few words about themselves. */
  readonly about: string;
  /** Id of the picture's file, or null. */
  readonly avatar: string | null;
  readonly admin: boolean;
  readonly disabled: boolean;
  readonly createdAt: number;
}

/** A password as it is kept; the numbers are scrypt's (RFC 7914) and may rise. */
export interface Password {
  readonly algorithm: "scrypt";
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly hash: Uint8Array<ArrayBuffer>;
}

/**
 * A browser that is signed in, or a token that a person has made for a program. It stands under the hash of its secret,
 * which is in a cookie or with the program and nowhere here.
 */
export interface Session {
  /** The hash of the secret, 43 characters of base64url. */
  readonly id: string;
  readonly account: string;
  readonly kind: "browser" | "token";
  /** What the browser calls itself, or what the person calls the token. */
  readonly label: string;
  /** What a token is good for; null for everything. */
  readonly scopes: readonly string[] | null;
  readonly createdAt: number;
  /** Last use, to the hour. */
  readonly seenAt: number;
  /** In milliseconds since 1970; null where it lasts until it is ended. */
  readonly expiresAt: number | null;
}

/** That an account belongs to a room. */
export interface Membership {
  readonly role: Role;
  readonly person: Person;
  readonly since: number;
}

/** How far an account has read a room. */
export interface ReadMark {
  readonly seq: number;
  readonly posts: number;
}

/** A link that lets people into a room. */
export interface Invite {
  readonly code: string;
  readonly room: number;
  readonly by: Person;
  readonly createdAt: number;
  /** In milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  /** How many may still use it, or null for any number. */
  readonly usesLeft: number | null;
}

/** What a stored file is; its bytes lie in chunks of {@link FILE_CHUNK}. */
export interface StoredFile {
  readonly id: string;
  /** Sniffed from the bytes. */
  readonly type: string;
  readonly size: number;
  readonly owner: string;
  readonly createdAt: number;
}

/** Who is in a room at one instance, and who types there. */
export interface InstancePresence {
  readonly people: readonly Present[];
  readonly typing: readonly Person[];
}

/** A part of such a list, as a value holds 64 KiB. */
export type InstancePresencePart = InstancePresence;

/**
 * What one instance tells all others: a public room came, changed or went; somebody has read up to a `seq`; a name is an
 * account's now.
 */
export type ClusterEvent =
  | { readonly type: "room"; readonly event: "created" | "changed" | "deleted"; readonly room: Room }
  | { readonly type: "read"; readonly room: number; readonly by: Person; readonly seq: number }
  | { readonly type: "name"; readonly name: string };

/** A sign of life of an instance, and what has changed there lately. */
export interface Heartbeat {
  /** Number of the last tick. */
  readonly tick: number;
  /** Another one each time. */
  readonly beat: number;
  readonly connections: number;
  readonly ticks: readonly {
    readonly tick: number;
    readonly rooms: readonly number[];
    readonly news: readonly ClusterEvent[];
  }[];
}

/** How often somebody has tried to sign in, and since when. */
export interface SignInAttempts {
  readonly count: number;
  readonly since: number;
}

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
  between: z.array(person).optional(),
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
  mentions: z.array(z.string()).optional(),
});

const role: z.ZodType<Role> = z.enum(["owner", "moderator", "member", "banned"]);

const entry: z.ZodType<StoredEntry> = z.discriminatedUnion("type", [
  post,
  z.object({ type: z.literal("edit"), ...change, post: seq }),
  z.object({ type: z.literal("delete"), ...change, post: seq, nonce: z.string().optional() }),
  z.object({ type: z.literal("react"), ...change, post: seq, emoji: z.string(), on: z.boolean(), count: z.int() }),
  z.object({ type: z.literal("pin"), ...change, post: seq, on: z.boolean() }),
  z.object({ type: z.literal("room"), ...change, name: z.string(), description: z.string(), archived: z.boolean() }),
  z.object({ type: z.literal("member"), ...change, member: person, role: role.nullable() }),
]);

/** Until version 2 of the keyspace each entry stood alone. */
const row: z.ZodType<readonly StoredEntry[]> = z.union([z.array(entry), entry.transform((alone) => [alone])]);

const bytes = z.instanceof(Uint8Array<ArrayBuffer>);

const account: z.ZodType<Account> = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  about: z.string(),
  avatar: z.string().nullable(),
  admin: z.boolean(),
  disabled: z.boolean(),
  createdAt: z.number(),
});

const password: z.ZodType<Password> = z.object({
  algorithm: z.literal("scrypt"),
  N: z.int(),
  r: z.int(),
  p: z.int(),
  salt: bytes,
  hash: bytes,
});

const session: z.ZodType<Session> = z.object({
  id: z.string(),
  account: z.string(),
  kind: z.enum(["browser", "token"]),
  label: z.string(),
  scopes: z.array(z.string()).nullable(),
  createdAt: z.number(),
  seenAt: z.number(),
  expiresAt: z.number().nullable(),
});

const invite: z.ZodType<Invite> = z.object({
  code: z.string(),
  room: z.int().positive(),
  by: person,
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  usesLeft: z.int().nullable(),
});

const file: z.ZodType<StoredFile> = z.object({
  id: z.string(),
  type: z.string(),
  size: z.int(),
  owner: z.string(),
  createdAt: z.number(),
});

const present: z.ZodType<Present> = z.object({
  id: z.string(),
  name: z.string(),
  guest: z.boolean(),
  status: z.object({ state: z.enum(["online", "away", "busy"]), text: z.string() }).optional(),
});

const here: z.ZodType<InstancePresence> = z.object({ people: z.array(present), typing: z.array(person) });

const news: z.ZodType<ClusterEvent> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("room"), event: z.enum(["created", "changed", "deleted"]), room }),
  z.object({ type: z.literal("read"), room: z.int(), by: person, seq: z.int() }),
  z.object({ type: z.literal("name"), name: z.string() }),
]);

const pulse: z.ZodType<Heartbeat> = z.object({
  tick: z.int(),
  beat: z.int(),
  connections: z.int(),
  ticks: z.array(z.object({ tick: z.int(), rooms: z.array(z.int()), news: z.array(news) })),
});

const membership: z.ZodType<Membership> = z.object({ role, person, since: z.number() });
const readMark: z.ZodType<ReadMark> = z.object({ seq: z.int().min(0), posts: z.int().min(0) });
const tries: z.ZodType<SignInAttempts> = z.object({ count: z.int(), since: z.number() });

const id = z.int().positive();
const whole = z.int();
const mark = z.literal(true);
const text = z.string();

const nonceSpan: z.ZodType<DedupBlock> = z.object({ at: z.number(), hashes: z.instanceof(Float64Array) });

const tokenKeys: z.ZodType<readonly TokenKey[]> = z.array(z.object({ kid: z.string(), secret: bytes, at: z.number() }));

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
  tries: (hash: string): Key<SignInAttempts> => ({ path: ["tries", hash], schema: tries }),
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
  pulse: (instance: string): Key<Heartbeat> => ({ path: ["pulse", instance], schema: pulse }),
  /** Who is in a room at an instance, part by part. */
  here: (instance: string, room_: number, part: number): Key<InstancePresencePart> => ({
    path: ["here", instance, room_, part],
    schema: here,
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
