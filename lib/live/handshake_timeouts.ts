/**
 * Closes sockets that don't say who they are in time. One timer serves all of them.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Connection } from "@/lib/live/connection.ts";

/** How long a client may take to open the socket and say who it is, in milliseconds. */
export const HANDSHAKE_MS = 10_000;

/** The handshakes that are under way. */
export class HandshakeTimeouts {
  /** Until when each may take; the first ends first. */
  readonly #pending = new Map<Connection, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Gives a socket {@link HANDSHAKE_MS}. */
  add(connection: Connection): void {
    this.#pending.set(connection, performance.now() + HANDSHAKE_MS);
    this.#timer ??= setTimeout(() => this.#expire(), HANDSHAKE_MS);
  }

  /** Forgets a socket that is closed. */
  delete(connection: Connection): void {
    this.#pending.delete(connection);
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [connection, until] of this.#pending) {
      if (!connection.isAwaitingHello) this.#pending.delete(connection);
      else if (until <= now) {
        connection.end(new ChatError("bad_frame", "Say who you are within 10 seconds."), connection.policyClose);
      } else {
        this.#timer = setTimeout(() => this.#expire(), until - now);
        return;
      }
    }
  }

  /** Stops the timer. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
