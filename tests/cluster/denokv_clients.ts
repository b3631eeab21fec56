/**
 * Clients of instances over a `denokv` server.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Store } from "@/lib/store/kv.ts";
import { type Client, dial, type Frame } from "@/tests/client.ts";
import { Recorder } from "@/tests/cluster/recorder.ts";
import { RoomClient } from "@/tests/cluster/room_client.ts";

const CLIENTS = 6;
const OPTIONS = { window: 16, after: 0 };

/** Clients in the room `general`, all gone at the end of the block that holds them. */
export interface Crowd extends AsyncDisposable {
  readonly clients: readonly RoomClient[];
  /** Asserts that every promise was kept, and that each client's posts are in the order of their sending. */
  assertKept(store: Store): Promise<void>;
}

/** Connects clients, each to the address for its index. */
export function connectAll(addressOf: (index: number) => string): Crowd {
  const recorder = new Recorder();
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const client = new RoomClient(`p${index}`, 1, recorder.environment(() => addressOf(index)), OPTIONS);
    client.connect();
    return client;
  });
  return {
    clients,
    async assertKept(store) {
      assertEquals(await recorder.violations(store, clients), []);
      for (const client of clients) {
        const own = client.seen.filter(({ by }) => by === client.name).map(({ content }) => content);
        assertEquals(own, contentsOf(client, own.length), `${client.name}'s posts are in order`);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.leave()));
    },
  };
}

/** What a client posts. */
export function contentsOf({ name }: RoomClient, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} says ${index + 1}`);
}

/** Lets a guest join the room `general`. */
export async function join(url: string, username: string): Promise<Client> {
  const client = dial(`${url.replace("http", "ws")}/ws/chat/1`);
  await client.send({ username });
  await client.until("connected");
  return client;
}

/** Whether a list names exactly these. */
export function lists(...users: string[]): (frame: Frame) => boolean {
  return (frame) => JSON.stringify(frame.users) === JSON.stringify(users);
}
