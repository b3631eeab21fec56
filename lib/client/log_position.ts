/**
 * Where a page stands in its room's log.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import { type Connection, refusalIn, type RequestError } from "@/lib/client/connection.ts";

/** The `epoch` and `seq` that a page has reached: subscribes from there, after each reconnect and after each gap. */
export class LogPosition {
  readonly #room: number;
  readonly #connection: Connection;
  readonly #onSubscribed: (refusal?: RequestError) => void;
  #head: Pick<Head, "epoch" | "seq">;
  #isFollowing = false;
  #isSubscribing = false;

  /** @param onSubscribed Called with each answer to a subscription: without a refusal, the room is followed. */
  constructor(
    room: number,
    head: Head,
    connection: Connection,
    onSubscribed: (refusal?: RequestError) => void,
  ) {
    this.#room = room;
    this.#head = head;
    this.#connection = connection;
    this.#onSubscribed = onSubscribed;
  }

  /** The last entry that has come. */
  get seq(): number {
    return this.#head.seq;
  }

  /** Subscribes, now or once there is a connection. */
  follow(): void {
    this.#isFollowing = true;
    if (this.#connection.phase.peek().name === "live") this.#subscribe();
  }

  /** Subscribes again on a new connection. */
  resume(): void {
    if (this.#isFollowing) this.#subscribe();
  }

  /** Moves to another log, or over a part of this one that is not sent. */
  reset(head: Head): void {
    this.#head = head;
  }

  /** The entries of a frame that are new. None after a gap, as something was lost on the way: the log has it. */
  advance({ from, entries }: Extract<ServerFrame, { type: "events" }>): readonly Entry[] {
    const { epoch, seq: reached } = this.#head;
    if (from > reached + 1) {
      this.#subscribe();
      return [];
    }
    this.#head = { epoch, seq: Math.max(reached, entries.at(-1)?.seq ?? 0) };
    return entries.filter(({ seq }) => seq > reached);
  }

  async #subscribe(): Promise<void> {
    if (this.#isSubscribing) return;
    this.#isSubscribing = true;
    const { epoch, seq: after } = this.#head;
    const request = { type: "subscribe", room: this.#room, after, epoch } as const;
    const refusal = await this.#connection.request(request).then(() => undefined, refusalIn);
    this.#isSubscribing = false;
    if (refusal?.code !== "disconnected") this.#onSubscribed(refusal);
  }
}
