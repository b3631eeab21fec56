/**
 * Figures of a server and of its rooms. How much was said lately is counted from the end of each log, and no message is
 * looked at twice: what was counted before is kept by the minute.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { Actor, Policy } from "@/lib/chat/policy.ts";
import type { ListedRoom } from "@/lib/chat/room_reader.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Log } from "@/lib/store/log/log.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What figures are taken from. */
export interface StatisticsSources {
  readonly store: Store;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly accounts: Accounts;
  readonly policy: Policy;
}

/** Figures of a server. */
export interface Totals {
  readonly rooms: number;
  /** How many were ever sent. */
  readonly messages: number;
  readonly accounts: number;
  /** Messages of the last hour. */
  readonly lastHour: number;
  /** Public rooms, the one with most messages of the last hour first. */
  readonly busiest: readonly ListedRoom[];
}

/** Figures of a room. */
export interface RoomFigures {
  readonly head: Head;
  /** Messages of the last hour. */
  readonly lastHour: number;
}

/** What was said in a room by the minute, up to a position of its log. */
interface Tally {
  readonly epoch: string;
  readonly seq: number;
  readonly posts: number;
  readonly minutes: ReadonlyMap<number, number>;
}

const MINUTE = 60_000;
const MINUTES = 60;
const BUSIEST = 10;
const PAGE = 500;
/** More than this many are not read at once: of a flood before the first look only its end is counted. */
const POSTS_MAX = 10_000;

/** Counts. */
export class Statistics {
  readonly #sources: StatisticsSources;
  readonly #now: () => number;
  readonly #tallies = new Map<number, Tally>();
  #counting: Promise<Totals> | undefined;

  /** @param now The time in milliseconds since 1970. */
  constructor(sources: StatisticsSources, now: () => number = Date.now) {
    this.#sources = sources;
    this.#now = now;
  }

  /** Figures of the server. Who asks meanwhile gets the same. Throws {@link ChatError} what the policy says. */
  totals(actor: Actor): Promise<Totals> {
    this.#sources.policy.browse(actor);
    return this.#counting ??= this.#count().finally(() => this.#counting = undefined);
  }

  /** Figures of a room. Throws {@link ChatError} `room_not_found` where it has just gone. */
  async ofRoom({ id }: Room): Promise<RoomFigures> {
    const head = await this.#sources.log.head(id);
    if (!head) throw new ChatError("room_not_found");
    return { head, lastHour: await this.#lastHour(id, head) };
  }

  async #count(): Promise<Totals> {
    const { accounts } = this.#sources;
    const heads = await this.#heads(), isPublic = await this.#publicRooms();
    const counted: { id: number; head: Head; lastHour: number }[] = [];
    for (const [id, head] of heads) counted.push({ id, head, lastHour: await this.#lastHour(id, head) });
    for (const id of this.#tallies.keys()) if (!heads.has(id)) this.#tallies.delete(id);
    const busiest = counted.filter(({ id }) => isPublic.has(id))
      .sort((one, other) => other.lastHour - one.lastHour || other.head.posts - one.head.posts || one.id - other.id)
      .slice(0, BUSIEST);
    return {
      rooms: counted.length,
      messages: counted.reduce((sum, { head }) => sum + head.posts, 0),
      accounts: await accounts.count(),
      lastHour: counted.reduce((sum, { lastHour }) => sum + lastHour, 0),
      busiest: await this.#named(busiest),
    };
  }

  async #heads(): Promise<Map<number, Head>> {
    const heads = new Map<number, Head>();
    for await (const { key: [, id], value } of this.#sources.store.list(keys.head.under())) {
      if (typeof id === "number") heads.set(id, value);
    }
    return heads;
  }

  async #publicRooms(): Promise<Set<unknown>> {
    const ids = new Set<unknown>();
    for await (const { key: [, id] } of this.#sources.store.list(keys.publicRoom.under())) ids.add(id);
    return ids;
  }

  async #named(busiest: readonly { readonly id: number; readonly head: Head }[]): Promise<ListedRoom[]> {
    const heads = new Map(busiest.map(({ id, head }) => [id, head]));
    return (await this.#sources.rooms.getMany([...heads.keys()])).flatMap((room) => {
      const head = heads.get(room.id);
      return head ? [{ room, head }] : [];
    });
  }

  async #lastHour(room: number, head: Head): Promise<number> {
    const oldest = minuteOf(this.#now()) - MINUTES;
    if (minuteOf(head.at) <= oldest) {
      this.#tallies.delete(room);
      return 0;
    }
    const before = this.#tallies.get(room);
    const known = before?.epoch === head.epoch && before.seq <= head.seq ? before : undefined;
    const minutes = new Map([...known?.minutes ?? []].filter(([minute]) => minute > oldest));
    const { seq = 0, posts = 0 } = known ?? {};
    for await (const minute of this.#backwards(room, head.seq, seq, head.posts - posts)) {
      if (minute <= oldest) break;
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    this.#tallies.set(room, { epoch: head.epoch, seq: head.seq, posts: head.posts, minutes });
    return minutes.values().reduce((sum, count) => sum + count, 0);
  }

  /** The minutes of the posts with a `seq` in (`after`, `upTo`], the newest first; there are `most` at most. */
  async *#backwards(room: number, upTo: number, after: number, most: number): AsyncGenerator<number> {
    let before = upTo + 1;
    for (let left = Math.min(most, POSTS_MAX); left > 0;) {
      const page = await this.#sources.log.postsBefore(room, before, Math.min(left, PAGE));
      for (const { seq, at } of page.toReversed()) {
        if (seq <= after) return;
        yield minuteOf(at);
      }
      const oldest = page[0];
      if (!oldest) return;
      before = oldest.seq;
      left -= page.length;
    }
  }
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}
