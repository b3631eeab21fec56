import { assert, assertEquals } from "@std/assert";
import { openStore } from "@/lib/store/open.ts";
import { temporaryFolder } from "@/tests/cluster/cluster.ts";
import { postsOf } from "@/tests/cluster/final_state.ts";
import { withChance } from "@/tests/cluster/random.ts";
import { Recorder } from "@/tests/cluster/recorder.ts";
import { RoomClient } from "@/tests/cluster/room_client.ts";
import { within } from "@/tests/limits.ts";
import { type Running, startServer } from "@/tests/process.ts";

const CLIENTS = 10;
const POSTS = 1_000;
const KILLS = 5;
/** How often a post is sent or seen, when everyone sees each of them. */
const STEPS = POSTS * (CLIENTS + 1);
const END_MS = 10_000;

Deno.test("what was acknowledged survives kill -9, once, and everyone reads it in one order", async () => {
  await withChance(async (random) => {
    await using folder = await temporaryFolder();
    await using servers = new AsyncDisposableStack();
    let server: Running = servers.use(await startServer(folder.path)), caught = 0;
    await using crowd = connectAll(() => server.url);
    const moments = Array.from({ length: KILLS }, () => Math.floor(random() * STEPS)).sort((a, b) => a - b);
    for (const moment of moments) {
      await crowd.steps(moment);
      server.kill("SIGKILL");
      caught += crowd.clients.reduce((sum, { onTheWay }) => sum + onTheWay, 0);
      await within("the server to be gone", server.ended);
      server = servers.use(await startServer(folder.path));
    }
    assert(caught > 0, "posts were on the way when the server was killed");
    await crowd.assertKept(server, folder.path);
  });
});

Deno.test("SIGTERM closes every socket with 1001, ends with 0 in time, and loses nothing", async () => {
  await withChance(async (random) => {
    await using folder = await temporaryFolder();
    await using first = await startServer(folder.path);
    let { url } = first;
    await using crowd = connectAll(() => url);
    await Promise.all(crowd.clients.map((client) => client.reached(1)));
    await crowd.steps(Math.floor(random() * STEPS / 2));
    const asked = performance.now();
    first.kill("SIGTERM");
    const { code } = await within("the server to end", first.ended);
    assertEquals(code, 0, first.printed.join(""));
    assert(performance.now() - asked < END_MS, "it ends within ten seconds");
    await Promise.all(crowd.clients.map((client) => client.until("a close", () => client.closeCodes.length > 0)));
    assertEquals(crowd.clients.map(({ closeCodes }) => closeCodes[0]), Array.from({ length: CLIENTS }, () => 1001));
    assert(crowd.acknowledged < POSTS, "it was stopped while there was more to post");
    await using second = await startServer(folder.path);
    url = second.url;
    await crowd.assertKept(second, folder.path);
  });
});

/** Ten clients that post, to one server after the other. */
function connectAll(address: () => string) {
  const recorder = new Recorder();
  let steps = 0, awaited: { count: number; resolve: () => void } | undefined, acknowledged = 0;
  const environment = recorder.environment(address, ({ type }) => {
    if (type === "acknowledged") acknowledged++;
    if (type !== "sent" && type !== "saw") return;
    steps++;
    if (awaited && steps >= awaited.count) awaited.resolve();
  });
  const clients = Array.from(
    { length: CLIENTS },
    (_, index) => new RoomClient(`p${index}`, 1, environment, { after: 0 }),
  );
  for (const client of clients) {
    client.connect();
    client.post(...contentsOf(client));
  }
  const allAcknowledged = () => Promise.all(clients.map((client) => client.acknowledged()));
  return {
    clients,
    /** How many posts are acknowledged. */
    get acknowledged() {
      return acknowledged;
    },
    /** Resolves once so much was sent and seen, or everything is acknowledged. */
    async steps(count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { count, resolve };
      if (steps < count) await Promise.race([promise, allAcknowledged()]);
    },
    /** Holds what clients recorded, the store and the history over REST against the promises. */
    async assertKept(server: Running, folder: string): Promise<void> {
      await allAcknowledged();
      await Promise.all(clients.map((client) => client.reached(POSTS)));
      await using store = await openStore(`${folder}/hubbub.sqlite`);
      assertEquals(await recorder.violations(store, clients), [], server.printed.join(""));
      const posts = await postsOf(server.url, 1);
      assertEquals(posts.length, POSTS);
      for (const client of clients) {
        assertEquals(client.seen.map(({ content }) => content), posts.map(({ content }) => content));
        const own = posts.filter(({ by }) => by === client.name).map(({ content }) => content);
        assertEquals(own, contentsOf(client), `${client.name}'s posts are in the order of their sending`);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.leave()));
    },
  };
}

function contentsOf({ name }: RoomClient): string[] {
  return Array.from({ length: POSTS / CLIENTS }, (_, index) => `${name} says ${index + 1}`);
}
