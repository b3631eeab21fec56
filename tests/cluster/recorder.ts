/**
 * Records what clients send and see, for a test that controls the servers itself.
 * @module
 */
import type { Store } from "@/lib/store/kv.ts";
import { finalState } from "@/tests/cluster/final_state.ts";
import { type HistoryEvent, violations } from "@/tests/cluster/history.ts";
import type { Environment } from "@/tests/cluster/reconnecting_socket.ts";
import type { RoomClient } from "@/tests/cluster/room_client.ts";

/** A history, and what clients report that no history shows. */
export class Recorder {
  readonly #history: HistoryEvent[] = [];
  readonly #reports: string[] = [];

  /** What surrounds clients that connect to this address, and get no error. */
  environment(address: () => string, onEvent: (event: HistoryEvent) => void = () => undefined): Environment {
    return {
      random: Math.random,
      address,
      record: (event) => {
        this.#history.push(event);
        onEvent(event);
      },
      report: (violation) => this.#reports.push(violation),
      tolerated: new Set(),
    };
  }

  /** Every promise that was broken to clients that are connected to one room, once everything is quiet. */
  async violations(store: Store, clients: readonly RoomClient[]): Promise<string[]> {
    const connected = clients.map(({ name }) => name);
    const state = await finalState(store, clients[0]?.room ?? 1);
    return [...this.#reports, ...violations(this.#history, [{ ...state, connected }])];
  }
}
