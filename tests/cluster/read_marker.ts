/**
 * An account that moves its read marks over REST.
 * @module
 */
import type { Account } from "@/tests/cluster/account.ts";
import type { FinalState } from "@/tests/cluster/history.ts";
import { unreadOf } from "@/tests/cluster/final_state.ts";
import type { Environment } from "@/tests/cluster/reconnecting_socket.ts";
import { eventually } from "@/tests/limits.ts";

const ANSWER_MS = 4_000;

/** An account and its read marks. */
export class ReadMarker {
  readonly #environment: Environment;
  /** The last mark that was set in each room. */
  readonly #marks = new Map<number, number>();
  /** Rooms in which an answer was lost: that mark may still be set, over a later one. */
  readonly #doubtful: Set<number>;
  #marking: Promise<void> | undefined;

  /** An account that has read nothing yet in any of the rooms. */
  constructor(readonly account: Account, environment: Environment, rooms: readonly number[]) {
    this.#environment = environment;
    this.#doubtful = new Set(rooms);
  }

  /** Marks a room as read up to `seq`, unless another mark is on the way. */
  read(room: number, seq: number): void {
    this.#marking ??= this.#mark(room, seq).catch(() => void this.#doubtful.add(room))
      .finally(() => this.#marking = undefined);
  }

  /** Resolves once every mark is certain. */
  async settle(): Promise<void> {
    await this.#marking;
    for (const room of this.#doubtful) {
      const what = `${this.account.name}'s mark in room ${room} to be set`;
      await eventually(what, () => this.#mark(room, this.#marks.get(room) ?? 0));
    }
  }

  /** What an instance counts as unread in a room. */
  async unread(url: string, room: number): Promise<FinalState["unread"][number]> {
    const { name, token } = this.account, count = (await unreadOf(url, token)).get(room) ?? 0;
    return { client: name, read: this.#marks.get(room) ?? 0, count };
  }

  /** Throws where it is uncertain whether the mark is set. */
  async #mark(room: number, seq: number): Promise<void> {
    const { name, token } = this.account;
    this.#marks.set(room, seq);
    const response = await fetch(`${this.#environment.address()}/api/chat/rooms/${room}/read`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ seq }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = await response.text();
    if (response.ok) return;
    if (response.status !== 503) this.#environment.report(`${name} gets ${response.status}: ${body}`);
    throw new Error(`${response.status}: ${body}`);
  }
}
