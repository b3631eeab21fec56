/**
 * The oracle of the tests with real processes: what clients recorded and what is left in the end is held against what the
 * program promises.
 * @module
 */
import { messageId, splitMessageId } from "@/lib/model/message.ts";

/** An entry as a client sees it. */
export interface SeenEntry {
  readonly seq: number;
  /** Clients that come later see a deleted message, and each edit of it, as `delete`. */
  readonly kind: "post" | "edit" | "delete" | "react" | "pin" | "other";
  /** Id of the message that it is about; absent where it is about none. */
  readonly id?: number;
  readonly by?: string;
  /** What the message says now. */
  readonly content?: string;
  /** The nonce of a post, which only its author sees. */
  readonly nonce?: string;
}

/** What a client recorded. A history is in the order in which it happened. */
export type HistoryEvent =
  & { readonly client: string; readonly room: number }
  & (
    /** It sends a message, perhaps again. */
    | { readonly type: "sent"; readonly nonce: string; readonly content: string }
    /** The server acknowledged its message. */
    | { readonly type: "acknowledged"; readonly nonce: string; readonly id: number; readonly seq: number }
    /** The server acknowledged its change of a message, as this entry. */
    | { readonly type: "edited"; readonly id: number; readonly seq: number; readonly content: string }
    | { readonly type: "deleted"; readonly id: number; readonly seq: number }
    /** It joined without a position, when the log ended there. */
    | { readonly type: "joined"; readonly seq: number }
    /** It came back with a position. */
    | { readonly type: "resumed"; readonly after: number }
    /** It has to load the history again; the log ended there. */
    | { readonly type: "reset"; readonly seq: number }
    /** An entry came; not one that only answers a message that it has sent again. */
    | { readonly type: "saw"; readonly entry: SeenEntry }
  );

/** A room once everything is quiet. */
export interface FinalState {
  readonly room: number;
  /** The whole log, as a client sees it that comes after 0. */
  readonly entries: readonly SeenEntry[];
  /** The whole history, page by page. */
  readonly posts: readonly { readonly id: number; readonly by: string; readonly content: string }[];
  /** The clients that are connected. */
  readonly connected: readonly string[];
  /** The clients that each instance lists. */
  readonly listed: readonly (readonly string[])[];
  /** How many posts the server counts as unread for a client, and its read mark. */
  readonly unread: readonly { readonly client: string; readonly read: number; readonly count: number }[];
}

/** A client that missed more than this may have to load the history again. */
const MISSED_MAX = 1_000;

/** Every promise that was broken, in a sentence each. */
export function violations(history: readonly HistoryEvent[], final: readonly FinalState[]): string[] {
  return final.flatMap((state) => {
    const events = history.filter(({ room }) => room === state.room);
    return [
      ...logViolations(state),
      ...postViolations(events, state),
      ...changeViolations(events, state),
      ...readerViolations(events, state),
      ...presenceViolations(state),
      ...unreadViolations(state),
    ].map((sentence) => `Room ${state.room}: ${sentence}`);
  });
}

/** The log is dense, has each message once, and the history has the messages that stand in the log. */
function logViolations({ room, entries, posts }: FinalState): string[] {
  const found: string[] = [], standing = new Map<number, SeenEntry>(), firsts = new Map<string, number>();
  entries.forEach(({ seq }, index) => {
    if (seq !== index + 1) found.push(`the log has seq ${seq} at place ${index + 1}.`);
  });
  for (const entry of entries) {
    if (entry.kind !== "post") continue;
    standing.set(messageId(room, entry.seq), entry);
    if (entry.nonce === undefined) continue;
    const name = `${entry.by}'s ${entry.nonce}`, first = firsts.get(name);
    if (first !== undefined) found.push(`${name} is stored twice, as ${first} and ${entry.seq}.`);
    firsts.set(name, entry.seq);
  }
  const ids = posts.map(({ id }) => id), expected = [...standing.keys()];
  if (ids.join() !== expected.join()) found.push(`the history has the messages [${ids}], and the log [${expected}].`);
  for (const { id, by, content } of posts) {
    const entry = standing.get(id);
    if (entry && (entry.by !== by || entry.content !== content)) {
      found.push(
        `message ${id} is “${content}” by ${by} in the history, and “${entry.content}” by ${entry.by} in the log.`,
      );
    }
  }
  return found;
}

/** A post stands where it was acknowledged, after everything that was acknowledged before it was sent. */
function postViolations(history: readonly HistoryEvent[], { room, entries }: FinalState): string[] {
  const found: string[] = [], last = lastChanges(room, entries);
  /** The newest `seq` that was acknowledged when a message was first sent. */
  const floors = new Map<string, number>(), places = new Map<string, number>();
  let newest = 0;
  for (const event of history) {
    if (event.type !== "sent" && event.type !== "acknowledged") continue;
    const { client, nonce } = event, name = `${client}'s ${nonce}`, floor = floors.get(name);
    if (event.type === "sent") {
      if (floor === undefined) floors.set(name, newest);
      continue;
    }
    const { seq, id } = event, before = places.get(name);
    places.set(name, seq);
    newest = Math.max(newest, seq);
    if (floor === undefined) found.push(`${name} was acknowledged, and never sent.`);
    else if (seq <= floor) found.push(`${name} is ${seq}, and was sent after ${floor} was acknowledged.`);
    if (before !== undefined && before !== seq) found.push(`${name} was acknowledged as ${before} and as ${seq}.`);
    if (id !== messageId(room, seq)) found.push(`${name} was acknowledged as ${seq} with the id ${id}.`);
    const stands = entries[seq - 1], isPost = stands?.kind === "post" && stands.by === client && stands.nonce === nonce;
    const isGone = stands?.kind === "delete" && stands.id === id && last.get(id)?.kind === "delete";
    if (!isPost && !isGone) found.push(`${name} was acknowledged as ${seq}, and the log has another entry there.`);
  }
  return found;
}

/** Changes stand where they were acknowledged, and each message says what the last of them made of it. */
function changeViolations(history: readonly HistoryEvent[], { room, entries, posts }: FinalState): string[] {
  const found: string[] = [], changes = lastChanges(room, entries);
  const edits = new Map<number, string>(), contents = new Map<string, string>();
  for (const event of history) {
    if (event.type === "sent") contents.set(`${event.client} ${event.nonce}`, event.content);
    if (event.type !== "edited" && event.type !== "deleted") continue;
    const { client, id, seq } = event, stands = entries[seq - 1];
    if (event.type === "edited") edits.set(seq, event.content);
    const kinds = event.type === "edited" ? ["edit", "delete"] : ["delete"];
    if (stands?.id !== id || !kinds.includes(stands.kind)) {
      found.push(`${client} ${event.type} message ${id} as ${seq}, and the log has no such entry.`);
    }
  }
  for (const { id, content } of posts) {
    const change = changes.get(id), post = entries[(splitMessageId(id)?.seq ?? 0) - 1];
    if (change?.kind === "delete") {
      found.push(`message ${id} was deleted as ${change.seq}, and is still in the history.`);
    } else {
      const last = change ? edits.get(change.seq) ?? change.content : contents.get(`${post?.by} ${post?.nonce}`);
      if (last !== undefined && last !== content) {
        found.push(`message ${id} says “${content}”, and its last edit “${last}”.`);
      }
    }
  }
  for (const { kind, id, seq } of entries) {
    if (kind !== "delete" || id === undefined) continue;
    if (changes.get(id)?.kind !== "delete") found.push(`message ${id} is gone at ${seq}, and was changed after that.`);
  }
  return found;
}

/** What a reader has: its position, and what the messages that it saw say. */
interface Reader {
  position: number;
  readonly has: Map<number, string | undefined>;
}

/** Every reader saw a part of the log without a gap or a repeat, and has every message as it is now. */
function readerViolations(history: readonly HistoryEvent[], { entries, posts, connected }: FinalState): string[] {
  const found: string[] = [], readers = new Map<string, Reader>();
  for (const event of history) {
    const { client, type } = event, reader = readers.get(client);
    if (type === "joined" || type === "reset") {
      if (type === "reset" && reader && event.seq - reader.position <= MISSED_MAX) {
        found.push(`${client} was reset at ${event.seq}, and was at ${reader.position}.`);
      }
      readers.set(client, { position: event.seq, has: new Map() });
    } else if (type === "resumed") {
      const { after } = event;
      if (!reader) readers.set(client, { position: after, has: new Map() });
      else if (reader.position !== after) {
        found.push(`${client} resumed after ${after}, and was at ${reader.position}.`);
      }
    } else if (type === "saw") {
      const { seq } = event.entry, stored = entries[seq - 1];
      if (!reader) found.push(`${client} saw ${seq} before it had joined.`);
      else if (seq !== reader.position + 1) found.push(`${client} saw ${seq} after ${reader.position}.`);
      if (!stored || !isSame(event.entry, stored)) {
        found.push(`${client} saw another entry at ${seq} than the log has.`);
      }
      if (reader) apply(event.entry, reader);
    }
  }
  const contents = new Map(posts.map(({ id, content }) => [id, content]));
  for (const [client, { position, has }] of readers) {
    if (!connected.includes(client)) continue;
    if (position !== entries.length) found.push(`${client} stays at ${position} of ${entries.length}.`);
    for (const [id, content] of has) {
      const now = contents.get(id);
      if (now !== content) found.push(`${client} has message ${id} as “${content}”, and it is “${now}”.`);
    }
  }
  return found;
}

function apply({ seq, kind, id, content }: SeenEntry, reader: Reader): void {
  reader.position = seq;
  if (id === undefined) return;
  if (kind === "delete") reader.has.set(id, undefined);
  else if (kind === "post" || kind === "edit") reader.has.set(id, content);
}

/** Each instance lists everyone who is connected, and no one else. */
function presenceViolations({ connected, listed }: FinalState): string[] {
  return listed.flatMap((shown) => [
    ...shown.filter((name) => !connected.includes(name)).map((name) => `${name} is listed, and is not connected.`),
    ...connected.filter((name) => !shown.includes(name)).map((name) => `${name} is connected, and is not listed.`),
    ...shown.filter((name, index) => shown.indexOf(name) < index).map((name) => `${name} is listed twice.`),
  ]);
}

/** Unread are the posts after the read mark, deleted ones too. */
function unreadViolations({ room, entries, unread }: FinalState): string[] {
  return unread.flatMap(({ client, read, count }) => {
    const after = entries.filter(({ seq, kind, id }) =>
      seq > read && (kind === "post" || (kind === "delete" && id === messageId(room, seq)))
    );
    return after.length === count
      ? []
      : [`${client} has ${count} unread, and there are ${after.length} after ${read}.`];
  });
}

/** The last edit or deletion of each message, by its id; the place where a deleted message stood does not count. */
function lastChanges(room: number, entries: readonly SeenEntry[]): Map<number, SeenEntry> {
  const changes = new Map<number, SeenEntry>();
  for (const entry of entries) {
    const { id, kind, seq } = entry;
    if (id !== undefined && id !== messageId(room, seq) && (kind === "edit" || kind === "delete")) {
      changes.set(id, entry);
    }
  }
  return changes;
}

/** Whether two clients saw the same entry; between them its message may have been deleted. */
function isSame(one: SeenEntry, other: SeenEntry): boolean {
  if (one.id !== other.id) return false;
  const kinds = [one.kind, other.kind];
  if (kinds.includes("delete")) return kinds.every((kind) => kind === "delete" || kind === "post" || kind === "edit");
  const isNonceSame = one.nonce === undefined || other.nonce === undefined || one.nonce === other.nonce;
  return one.kind === other.kind && one.by === other.by && isNonceSame;
}
