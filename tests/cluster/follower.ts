/**
 * Somebody with an account who notes, again and again, how far they have read.
 * @module
 */
import type { Account } from "@/tests/cluster/account.ts";
import type { Left } from "@/tests/cluster/history.ts";
import { unreadOf } from "@/tests/cluster/left.ts";
import type { Surroundings } from "@/tests/cluster/reconnecting_socket.ts";
import { eventually } from "@/tests/limits.ts";

const ANSWER_MS = 4_000;

/** An account and its read marks. */
export class Follower {
  readonly #around: Surroundings;
  /** Up to where each room was read last. */
  readonly #marks = new Map<number, number>();
  /** Rooms in which an answer was lost: that mark may still come to pass, over a later one. */
  readonly #doubtful: Set<number>;
  #marking: Promise<void> | undefined;

  /** Somebody who has read nothing yet in any of the rooms. */
  constructor(readonly account: Account, around: Surroundings, rooms: readonly number[]) {
    this.#around = around;
    this.#doubtful = new Set(rooms);
  }

  /** Has read a room up to `seq`. */
  read(room: number, seq: number): void {
    this.#marking ??= this.#mark(room, seq).catch(() => void this.#doubtful.add(room))
      .finally(() => this.#marking = undefined);
  }

  /** Resolves once it is certain how far everything was read. */
  async settle(): Promise<void> {
    await this.#marking;
    for (const room of this.#doubtful) {
      const what = `${this.account.name}'s mark in room ${room} to be noted`;
      await eventually(what, () => this.#mark(room, this.#marks.get(room) ?? 0));
    }
  }

  /** What an instance says is unread in a room. */
  async unread(url: string, room: number): Promise<Left["unread"][number]> {
    const { name, token } = this.account, count = (await unreadOf(url, token)).get(room) ?? 0;
    return { client: name, read: this.#marks.get(room) ?? 0, count };
  }

  /** Throws where nobody knows whether the mark stands. */
  async #mark(room: number, seq: number): Promise<void> {
    const { name, token } = this.account;
    this.#marks.set(room, seq);
    const response = await fetch(`${this.#around.door()}/api/chat/rooms/${room}/read`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ seq }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const said = await response.text();
    if (!response.ok) {
      if (response.status !== 503) this.#around.fault(`${name} is told ${response.status}: ${said}`);
      throw new Error(`${response.status}: ${said}`);
    }
  }
}
