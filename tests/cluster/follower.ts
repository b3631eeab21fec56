/**
 * Somebody with an account who notes, again and again, how far they have read.
 * @module
 */
import { z } from "zod";
import type { Left } from "@/tests/cluster/history.ts";
import { unreadOf } from "@/tests/cluster/left.ts";
import type { Surroundings } from "@/tests/cluster/recorder.ts";

const ANSWER_MS = 4_000;
const AGAIN_MS = 200;

const registered = z.object({ access_token: z.string() });

/** An account and its read marks. */
export class Follower {
  readonly #around: Surroundings;
  /** Up to where each room was read last. */
  readonly #marks = new Map<number, number>();
  /** Rooms in which an answer was lost: that mark may still come to pass, over a later one. */
  readonly #doubtful = new Set<number>();
  #marking: Promise<void> | undefined;

  private constructor(readonly name: string, readonly token: string, around: Surroundings, rooms: readonly number[]) {
    this.#around = around;
    for (const room of rooms) this.#doubtful.add(room);
  }

  /** Makes the account. */
  static async register(
    url: string,
    name: string,
    around: Surroundings,
    rooms: readonly number[],
  ): Promise<Follower> {
    const body = JSON.stringify({ username: name, password: "correct horse battery" });
    const response = await fetch(`${url}/api/auth/register`, { method: "POST", body });
    return new Follower(name, registered.parse(await response.json()).access_token, around, rooms);
  }

  /** Has read a room up to `seq`. */
  read(room: number, seq: number): void {
    this.#marking ??= this.#mark(room, seq).then(() => undefined).finally(() => this.#marking = undefined);
  }

  /** Resolves once it is certain how far everything was read. */
  async settle(): Promise<void> {
    await this.#marking;
    for (const room of [...this.#doubtful]) {
      while (!await this.#mark(room, this.#marks.get(room) ?? 0)) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** What an instance says is unread in a room. */
  async unread(url: string, room: number): Promise<Left["unread"][number]> {
    const count = (await unreadOf(url, this.token)).get(room) ?? 0;
    return { client: this.name, read: this.#marks.get(room) ?? 0, count };
  }

  /** Whether the mark stands. */
  async #mark(room: number, seq: number): Promise<boolean> {
    this.#marks.set(room, seq);
    try {
      const response = await fetch(`${this.#around.door()}/api/chat/rooms/${room}/read`, {
        method: "PUT",
        headers: { authorization: `Bearer ${this.token}` },
        body: JSON.stringify({ seq }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const said = await response.text();
      if (response.ok) return true;
      if (response.status !== 503) this.#around.fault(`${this.name} is told ${response.status}: ${said}`);
    } catch {
      // Nobody knows whether it was noted.
    }
    this.#doubtful.add(room);
    return false;
  }
}
