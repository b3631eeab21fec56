/**
 * Statistics of the server and of its rooms. Recent messages are counted from the end of each log, and none is read twice:
 * what was counted is kept by the minute.
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

/** What statistics are taken from. */
export interface StatisticsSources {
  readonly store: Store;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly accounts: Accounts;
  readonly policy: Policy;
}

/** Statistics of a server. Only public rooms count: nothing is learnt of the others. */
export interface Totals {
  readonly rooms: number;
  /** Messages that were ever sent. */
  readonly messages: number;
  readonly accounts: number;
  /** Messages of the last hour. */
  readonly lastHour: number;
  /** Rooms, the one with most messages in the last hour first. */
  readonly busiest: readonly ListedRoom[];
}

/** Statistics of a room. */
export interface RoomFigures {
  readonly head: Head;
  /** Messages of the last hour. */
  readonly lastHour: number;
}

/** Messages of a room by the minute, up to a position of its log. */
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
/** Messages that are read at once, at most: of a flood before the first look only its end is counted. */
const POSTS_MAX = 10_000;

/** Counts messages, rooms and accounts. */
export class Statistics {
  readonly #tallies = new Map<number, Tally>();
  #counting: Promise<Totals> | undefined;

  /** @param now The time in milliseconds since 1970. */
  constructor(private readonly sources: StatisticsSources, private readonly now: () => number = Date.now) {}

  /** Statistics of the server. Calls at the same time share one count. Throws {@link ChatError} what the policy says. */
  totals(actor: Actor): Promise<Totals> {
    this.sources.policy.browse(actor);
    return this.#counting ??= this.#count().finally(() => this.#counting = undefined);
  }

  /** Statistics of a room. Throws {@link ChatError} `room_not_found` where it was just deleted. */
  async ofRoom({ id }: Room): Promise<RoomFigures> {
    const head = await this.sources.log.head(id);
    if (!head) throw new ChatError("room_not_found");
    return { head, lastHour: await this.#lastHour(id, head) };
  }

  async #count(): Promise<Totals> {
    const { accounts, rooms } = this.sources, counted: { id: number; head: Head; lastHour: number }[] = [];
    for (const [id, head] of await this.#publicHeads()) {
      counted.push({ id, head, lastHour: await this.#lastHour(id, head) });
    }
    const busiest = new Map(
      counted.toSorted((one, other) =>
        other.lastHour - one.lastHour || other.head.posts - one.head.posts || one.id - other.id
      ).slice(0, BUSIEST).map(({ id, head }) => [id, head]),
    );
    return {
      rooms: counted.length,
      messages: counted.reduce((sum, { head }) => sum + head.posts, 0),
      accounts: await accounts.count(),
      lastHour: counted.reduce((sum, { lastHour }) => sum + lastHour, 0),
      busiest: (await rooms.getMany([...busiest.keys()])).map((room) => ({ room, head: busiest.get(room.id)! })),
    };
  }

  async #publicHeads(): Promise<Map<number, Head>> {
    const ids: number[] = [], { store } = this.sources;
    for await (const { key: [, id] } of store.list(keys.publicRoom.under())) if (typeof id === "number") ids.push(id);
    const found = await store.getMany(ids.map((id) => keys.head(id)));
    return new Map(ids.flatMap((id, index) => {
      const head = found[index]!.value;
      return head ? [[id, head] as const] : [];
    }));
  }

  async #lastHour(room: number, head: Head): Promise<number> {
    const oldest = minuteOf(this.now()) - MINUTES;
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
      const page = await this.sources.log.postsBefore(room, before, Math.min(left, PAGE));
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
