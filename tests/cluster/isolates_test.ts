import { assert, assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import { openStore } from "@/lib/store/open.ts";
import { Recorder } from "@/tests/cluster/recorder.ts";
import { RoomClient } from "@/tests/cluster/room_client.ts";
import { ask, TIMED, within } from "@/tests/limits.ts";

const POSTS = 10_000;
const CLIENTS = 8;
const OPTIONS = { window: 32, after: 0 };
/** What one isolate commits is in the other's sockets within this, usually; a poll would take longer. */
const USUAL_MS = 50;
const ALWAYS_MS = 1_000;

Deno.test("two isolates write ten thousand posts to one room, and everyone reads them in one order", async () => {
  await using isolates = await openIsolates();
  await using crowd = connectAll(isolates.urls, CLIENTS);
  const { clients, recorder } = crowd;
  const contentsOf = ({ name }: RoomClient) =>
    Array.from({ length: POSTS / CLIENTS }, (_, index) => `${name} ${index}`);
  for (const client of clients) client.post(...contentsOf(client));
  await Promise.all(clients.map((client) => client.acknowledged()));
  await Promise.all(clients.map((client) => client.reached(POSTS)));
  await using store = await openStore(isolates.file);
  assertEquals(await recorder.violations(store, clients), []);
  for (const client of clients) {
    const own = client.seen.filter(({ by }) => by === client.name).map(({ content }) => content);
    assertEquals(own, contentsOf(client), `${client.name}'s posts are in order`);
  }
});

Deno.test("what is posted in one isolate arrives in the other at once", TIMED, async () => {
  await using isolates = await openIsolates();
  await using crowd = connectAll(isolates.urls, 2);
  const [one, other] = crowd.clients as [RoomClient, RoomClient], delays: number[] = [];
  for (let seq = 1; seq <= 60; seq++) {
    const [from, to] = seq % 2 ? [one, other] : [other, one];
    const begun = performance.now();
    from.post(`${seq}`);
    await to.reached(seq);
    delays.push(performance.now() - begun);
  }
  delays.sort((a, b) => a - b);
  const median = delays[delays.length / 2]!, longest = delays.at(-1)!;
  assert(median < USUAL_MS, `it takes ${median.toFixed(1)} ms`);
  assert(longest < ALWAYS_MS, `it takes up to ${longest.toFixed(1)} ms`);
});

Deno.test("edits, reactions, pins and deletions cross from one isolate to the other", async () => {
  await using isolates = await openIsolates();
  await using crowd = connectAll(isolates.urls, 2);
  const [one, other] = crowd.clients as [RoomClient, RoomClient];
  one.post("helo", "nonsense");
  await other.reached(2);
  const first = messageId(1, 1), second = messageId(1, 2);
  one.send({ type: "edit", id: first, content: "hello" });
  await other.reached(3);
  other.send({ type: "react", id: first, emoji: "👍" });
  await one.reached(4);
  other.send({ type: "pin", id: first });
  await one.reached(5);
  one.send({ type: "delete", id: second });
  await Promise.all([one.reached(6), other.reached(6)]);
  const expected = [["post", "helo"], ["post", "nonsense"], ["edit", "hello"], ["react", undefined], [
    "pin",
    undefined,
  ], ["delete", undefined]];
  for (const { seen } of [one, other]) assertEquals(seen.map(({ kind, content }) => [kind, content]), expected);
  await using store = await openStore(isolates.file);
  assertEquals(await crowd.recorder.violations(store, crowd.clients), []);
});

Deno.test("a room that is deleted in one isolate closes for those in the other", async () => {
  await using isolates = await openIsolates();
  const [url] = isolates.urls;
  const made = await ask(`${url}/rooms/brief`, { method: "POST" }), room: Room = await made.json();
  await using crowd = connectAll(isolates.urls, 2, room.id);
  const [here, there] = crowd.clients as [RoomClient, RoomClient];
  here.post("is anybody there?");
  await Promise.all([here.reached(1), there.reached(1)]);
  const deleted = await ask(`${url}/rooms/${room.id}`, { method: "DELETE" });
  assertEquals([deleted.status, await deleted.text()], [200, ""]);
  for (const client of crowd.clients) {
    await client.until("a close", () => client.closeCodes.length > 0);
    assertEquals(client.closeCodes[0], 4410);
  }
});

/** Clients in a room, in turn at each address. */
function connectAll(urls: readonly string[], size: number, room = 1) {
  const recorder = new Recorder();
  const clients = Array.from({ length: size }, (_, index) => {
    const url = urls[index % urls.length]!;
    const client = new RoomClient(`p${index}`, room, recorder.environment(() => url), OPTIONS);
    client.connect();
    return client;
  });
  return {
    clients,
    recorder,
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.leave()));
    },
  };
}

/** Two isolates over one store file of their own. */
async function openIsolates() {
  const folder = await Deno.makeTempDir({ prefix: "hubbub-" }), file = `${folder}/store.sqlite`;
  const workers = [openIsolate(file), openIsolate(file)] as const;
  const urls = await Promise.all([workers[0].next(), workers[1].next()]);
  return {
    urls,
    file,
    async [Symbol.asyncDispose]() {
      for (const { worker, next } of workers) {
        const gone = next();
        worker.postMessage("stop");
        await gone;
        worker.terminate();
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function openIsolate(store: string) {
  const worker = new Worker(new URL("./isolate.ts", import.meta.url), { type: "module" });
  worker.postMessage(store);
  const next = () => {
    const word = new Promise<string>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    return within("a message from an isolate", word);
  };
  return { worker, next };
}
