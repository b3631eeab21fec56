/**
 * Holds what real clients wrote down against what is left at the end, and says in sentences which promises were broken.
 * Pure: it neither knows how the clients spoke, nor what befell the servers meanwhile.
 * @module
 */
import { messageId, splitMessageId } from "@/lib/model/message.ts";

/** An entry as a client sees it. */
export interface Told {
  readonly seq: number;
  /** A deleted message, and each edit of it, is told as `delete` to those who come later. */
  readonly kind: "post" | "edit" | "delete" | "other";
  /** Id of the message that it is about; absent where it is about none. */
  readonly id?: number;
  readonly by?: string;
  /** What the message says now. */
  readonly content?: string;
  /** What its author called it. Others are not told: whoever writes a test puts it in what messages say. */
  readonly nonce?: string;
}

/** What a client, by the name under which it talks, wrote down. A history is in the order in which it happened. */
export type Happened =
  & { readonly client: string; readonly room: number }
  & (
    /** It sends a message, perhaps once more. */
    | { readonly type: "sent"; readonly nonce: string; readonly content: string }
    /** It was told that its message stands. */
    | { readonly type: "acknowledged"; readonly nonce: string; readonly id: number; readonly seq: number }
    /** It was told that its change of a message stands, as this entry. */
    | { readonly type: "edited"; readonly id: number; readonly seq: number; readonly content: string }
    | { readonly type: "deleted"; readonly id: number; readonly seq: number }
    /** It came without a position, when the log stood there. */
    | { readonly type: "joined"; readonly seq: number }
    /** It came back with a position. */
    | { readonly type: "resumed"; readonly after: number }
    /** It was told to load the history anew; the log stood there. */
    | { readonly type: "reset"; readonly seq: number }
    /** An entry came; not one that only answers a message that it has sent again. */
    | { readonly type: "saw"; readonly entry: Told }
  );

/** What is left of a room once everything is quiet. */
export interface Left {
  readonly room: number;
  /** The whole log, as somebody is told who comes after 0. */
  readonly entries: readonly Told[];
  /** The whole history, page by page. */
  readonly posts: readonly { readonly id: number; readonly by: string; readonly content: string }[];
  /** Who really is there. */
  readonly connected: readonly string[];
  /** Who is there as the server says, on each instance. */
  readonly present: readonly (readonly string[])[];
  /** How many posts are unread to whom, as the server says, and up to where they have read. */
  readonly unread: readonly { readonly client: string; readonly read: number; readonly count: number }[];
}

/** A client that missed more than this may be told to load the history anew. */
const MISSED_MAX = 1_000;

/** Every promise that was broken, in a sentence each. */
export function violations(history: readonly Happened[], left: readonly Left[]): string[] {
  return left.flatMap((room) => {
    const ofRoom = history.filter((happened) => happened.room === room.room);
    return [
      ...logFaults(room),
      ...postFaults(ofRoom, room),
      ...changeFaults(ofRoom, room),
      ...readerFaults(ofRoom, room),
      ...presenceFaults(room),
      ...unreadFaults(room),
    ].map((fault) => `Room ${room.room}: ${fault}`);
  });
}

/** The log is dense, tells each message once, and the history is the messages of the log that stand. */
function logFaults({ room, entries, posts }: Left): string[] {
  const faults: string[] = [], access = new Map<number, Told>(), firsts = new Map<string, number>();
  entries.forEach(({ seq }, index) => {
    if (seq !== index + 1) faults.push(`the log has seq ${seq} at place ${index + 1}.`);
  });
  for (const entry of entries) {
    if (entry.kind !== "post") continue;
    access.set(messageId(room, entry.seq), entry);
    if (entry.nonce === undefined) continue;
    const name = `${entry.by}'s ${entry.nonce}`, first = firsts.get(name);
    if (first !== undefined) faults.push(`${name} is stored twice, as ${first} and ${entry.seq}.`);
    firsts.set(name, entry.seq);
  }
  const ids = posts.map(({ id }) => id), expected = [...access.keys()];
  if (ids.join() !== expected.join()) faults.push(`the history has the messages [${ids}], and the log [${expected}].`);
  for (const { id, by, content } of posts) {
    const entry = access.get(id);
    if (entry && (entry.by !== by || entry.content !== content)) {
      faults.push(
        `message ${id} is “${content}” by ${by} in the history, and “${entry.content}” by ${entry.by} in the log.`,
      );
    }
  }
  return faults;
}

/** What was acknowledged stands where it was said to, after all that was acknowledged before it was sent. */
function postFaults(history: readonly Happened[], { room, entries }: Left): string[] {
  const faults: string[] = [], last = lastChanges(room, entries);
  /** The newest place that was acknowledged when a message was first sent. */
  const floors = new Map<string, number>(), places = new Map<string, number>();
  let newest = 0;
  for (const happened of history) {
    if (happened.type !== "sent" && happened.type !== "acknowledged") continue;
    const { client, nonce } = happened, name = `${client}'s ${nonce}`, floor = floors.get(name);
    if (happened.type === "sent") {
      if (floor === undefined) floors.set(name, newest);
      continue;
    }
    const { seq, id } = happened, before = places.get(name);
    places.set(name, seq);
    newest = Math.max(newest, seq);
    if (floor === undefined) faults.push(`${name} was acknowledged, and never sent.`);
    else if (seq <= floor) faults.push(`${name} is ${seq}, and was sent after ${floor} was acknowledged.`);
    if (before !== undefined && before !== seq) faults.push(`${name} was acknowledged as ${before} and as ${seq}.`);
    if (id !== messageId(room, seq)) faults.push(`${name} was acknowledged as ${seq} with the id ${id}.`);
    const stands = entries[seq - 1], isPost = stands?.kind === "post" && stands.by === client && stands.nonce === nonce;
    const isGone = stands?.kind === "delete" && stands.id === id && last.get(id)?.kind === "delete";
    if (!isPost && !isGone) faults.push(`${name} was acknowledged as ${seq}, and is missing there.`);
  }
  return faults;
}

/** Changes stand where they were said to, and what a message says is what the last one made of it. */
function changeFaults(history: readonly Happened[], { room, entries, posts }: Left): string[] {
  const faults: string[] = [], changes = lastChanges(room, entries);
  const said = new Map<number, string>(), contents = new Map<string, string>();
  for (const happened of history) {
    if (happened.type === "sent") contents.set(`${happened.client} ${happened.nonce}`, happened.content);
    if (happened.type !== "edited" && happened.type !== "deleted") continue;
    const { client, id, seq } = happened, stands = entries[seq - 1];
    if (happened.type === "edited") said.set(seq, happened.content);
    const kinds = happened.type === "edited" ? ["edit", "delete"] : ["delete"];
    if (stands?.id !== id || !kinds.includes(stands.kind)) {
      faults.push(`${client} ${happened.type} message ${id} as ${seq}, and that is missing.`);
    }
  }
  for (const { id, content } of posts) {
    const change = changes.get(id), post = entries[(splitMessageId(id)?.seq ?? 0) - 1];
    if (change?.kind === "delete") faults.push(`message ${id} was deleted as ${change.seq}, and is still there.`);
    else {
      const last = change ? said.get(change.seq) ?? change.content : contents.get(`${post?.by} ${post?.nonce}`);
      if (last !== undefined && last !== content) {
        faults.push(`message ${id} says “${content}”, and last was “${last}”.`);
      }
    }
  }
  for (const { kind, id, seq } of entries) {
    if (kind !== "delete" || id === undefined) continue;
    if (changes.get(id)?.kind !== "delete") faults.push(`message ${id} is gone at ${seq}, and was changed after that.`);
  }
  return faults;
}

/** Every reader saw a piece of the log without a gap or a repeat, and has every message as it was last. */
function readerFaults(history: readonly Happened[], { entries, posts, connected }: Left): string[] {
  const faults: string[] = [];
  const readers = new Map<string, { position: number; has: Map<number, string | undefined> }>();
  for (const happened of history) {
    const { client, type } = happened, reader = readers.get(client);
    if (type === "joined" || type === "reset") {
      if (type === "reset" && reader && happened.seq - reader.position <= MISSED_MAX) {
        faults.push(`${client} must begin anew at ${happened.seq}, and was at ${reader.position}.`);
      }
      readers.set(client, { position: happened.seq, has: new Map() });
    } else if (type === "resumed") {
      const { after } = happened;
      if (!reader) readers.set(client, { position: after, has: new Map() });
      else if (reader.position !== after) {
        faults.push(`${client} came back after ${after}, and was at ${reader.position}.`);
      }
    } else if (type === "saw") {
      const { entry } = happened;
      if (!reader) faults.push(`${client} saw ${entry.seq} before it was there.`);
      else {
        if (entry.seq !== reader.position + 1) faults.push(`${client} saw ${entry.seq} after ${reader.position}.`);
        reader.position = entry.seq;
        if (entry.id !== undefined && entry.kind === "delete") reader.has.set(entry.id, undefined);
        else if (entry.id !== undefined && entry.kind !== "other") reader.has.set(entry.id, entry.content);
      }
      const stands = entries[entry.seq - 1];
      if (!stands || !isSame(entry, stands)) {
        faults.push(`${client} saw something else at ${entry.seq} than what stands there.`);
      }
    }
  }
  const contents = new Map(posts.map(({ id, content }) => [id, content]));
  for (const [client, { position, has }] of readers) {
    if (!connected.includes(client)) continue;
    if (position !== entries.length) faults.push(`${client} stays at ${position} of ${entries.length}.`);
    for (const [id, content] of has) {
      const now = contents.get(id);
      if (now !== content) faults.push(`${client} has message ${id} as “${content}”, and it is “${now}”.`);
    }
  }
  return faults;
}

/** Everybody who is there is shown, and nobody else, wherever one looks. */
function presenceFaults({ connected, present }: Left): string[] {
  return present.flatMap((shown) => [
    ...shown.filter((name) => !connected.includes(name)).map((name) => `${name} is shown, and is not there.`),
    ...connected.filter((name) => !shown.includes(name)).map((name) => `${name} is there, and is not shown.`),
    ...shown.filter((name, index) => shown.indexOf(name) < index).map((name) => `${name} is shown twice.`),
  ]);
}

/** What is unread is the posts that were made since, deleted ones too. */
function unreadFaults({ room, entries, unread }: Left): string[] {
  return unread.flatMap(({ client, read, count }) => {
    const after = entries.filter(({ seq, kind, id }) =>
      seq > read && (kind === "post" || (kind === "delete" && id === messageId(room, seq)))
    );
    return after.length === count
      ? []
      : [`${client} has ${count} unread, and there are ${after.length} after ${read}.`];
  });
}

/** The last edit or deletion of each message, by its id; the place where a deleted one stood is none. */
function lastChanges(room: number, entries: readonly Told[]): Map<number, Told> {
  const changes = new Map<number, Told>();
  for (const entry of entries) {
    const { id, kind, seq } = entry;
    if (id !== undefined && id !== messageId(room, seq) && (kind === "edit" || kind === "delete")) {
      changes.set(id, entry);
    }
  }
  return changes;
}

/** Whether two were told of one entry; a deletion meanwhile makes it one. */
function isSame(one: Told, other: Told): boolean {
  if (one.id !== other.id) return false;
  if (one.kind === "delete" || other.kind === "delete") return one.kind !== "other" && other.kind !== "other";
  const isNonceSame = one.nonce === undefined || other.nonce === undefined || one.nonce === other.nonce;
  return one.kind === other.kind && one.by === other.by && isNonceSame;
}
