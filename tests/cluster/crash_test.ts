import { assert, assertEquals } from "@std/assert";
import { withChance } from "@/tests/cluster/random.ts";
import { Talker } from "@/tests/cluster/talker.ts";
import { temporaryFolder } from "@/tests/cluster/cluster.ts";
import { ask, within } from "@/tests/limits.ts";
import { type Running, startServer } from "@/tests/process.ts";

const PEOPLE = 10;
const POSTS = 1_000;
const KILLS = 5;
/** A post is sent once and read by everyone. */
const STEPS = POSTS * (PEOPLE + 1);

interface MessageJson {
  readonly id: number;
  readonly seq: number;
  readonly username: string;
  readonly content: string;
}

Deno.test("what was acknowledged survives kill -9, once, in one order, whoever reads and however often", async () => {
  await withChance(async (random) => {
    await using folder = await temporaryFolder();
    await using crowd = newCrowd();
    const moments = Array.from({ length: KILLS }, () => Math.floor(random() * STEPS)).sort((a, b) => a - b);
    await using servers = new AsyncDisposableStack();
    let server: Running = servers.use(await startServer(folder.path));
    crowd.connect(server.url);
    let caught = 0;
    for (const moment of moments) {
      await crowd.steps(moment);
      server.kill("SIGKILL");
      caught += crowd.talkers.reduce((sum, { onTheWay }) => sum + onTheWay, 0);
      await within("the server to be gone", server.ended);
      server = servers.use(await startServer(folder.path));
      crowd.connect(server.url);
    }
    assert(caught > 0, "posts were on the way when the server was killed");
    await Promise.all(crowd.talkers.map((talker) => talker.heard()));
    await assertPromisesKept(server, crowd.talkers, POSTS);
  });
});

Deno.test("SIGTERM sends everyone away with 1001, ends with 0 in time, and loses nothing", async () => {
  await withChance(async (random) => {
    await using folder = await temporaryFolder();
    await using crowd = newCrowd();
    await using first = await startServer(folder.path);
    crowd.connect(first.url);
    await Promise.all(crowd.talkers.map((talker) => talker.reached(1)));
    await crowd.steps(Math.floor(random() * STEPS / 2));
    const asked = performance.now();
    first.kill("SIGTERM");
    const { code } = await within("the server to end", first.ended);
    assertEquals(code, 0, first.said.join(""));
    const codes = await Promise.all(crowd.talkers.map((talker) => talker.gone()));
    assertEquals(codes, Array.from({ length: PEOPLE }, () => 1001), first.said.join(""));
    assert(performance.now() - asked < 10_000, "it ends within ten seconds");
    const before = crowd.talkers.flatMap(({ acknowledged }) => [...acknowledged]);
    assert(before.length < POSTS, "it was told to stop while people still talked");
    await using second = await startServer(folder.path);
    const kept = new Set((await history(second)).map(({ seq }) => seq));
    assertEquals(before.filter(([, seq]) => !kept.has(seq)), []);
    crowd.connect(second.url);
    await Promise.all(crowd.talkers.map((talker) => talker.heard()));
    await assertPromisesKept(second, crowd.talkers, POSTS);
  });
});

/** Holds what readers saw and what was acknowledged against the history of the room. */
async function assertPromisesKept(server: Running, talkers: readonly Talker[], posts: number): Promise<void> {
  const messages = await history(server);
  const numbers = Array.from({ length: posts }, (_, index) => index + 1);
  assertEquals(messages.map(({ seq }) => seq), numbers, "the log is dense, and nothing is in it twice");
  const order = messages.map(({ content }) => content);
  await Promise.all(talkers.map((talker) => talker.reached(posts)));
  for (const { name, seen, acknowledged, faults } of talkers) {
    assertEquals(faults, [], `${name} saw no gap, no repeat and no error`);
    assertEquals(seen.map(({ content }) => content), order, `${name} saw what everybody saw`);
    const own = messages.filter(({ username }) => username === name);
    assertEquals(own.map(({ content }) => content), lines(name), `${name}'s posts are in the order of their sending`);
    const places = own.map(({ seq }, index) => [`${name}:${index + 1}`, seq]);
    assertEquals([...acknowledged].sort(([, a], [, b]) => a - b), places, `${name} was told the right places`);
  }
}

/** The whole history of `general`, page by page, oldest first. */
async function history(server: Running): Promise<MessageJson[]> {
  const messages: MessageJson[] = [];
  while (true) {
    const before = messages.length > 0 ? `&before=${messages[0]!.id}` : "";
    const page = await ask(`${server.url}/api/chat/rooms/1/messages?limit=300${before}`);
    const older: MessageJson[] = await page.json();
    if (older.length === 0) return messages;
    assert(messages.length === 0 || older[0]!.id < messages[0]!.id, "each page goes back");
    messages.unshift(...older);
  }
}

function lines(name: string): string[] {
  return Array.from({ length: POSTS / PEOPLE }, (_, index) => `${name} says ${index + 1}`);
}

/** Ten people with something to say, and a count of all that is sent and read among them. */
function newCrowd() {
  const talkers = Array.from({ length: PEOPLE }, (_, index) => new Talker(`p${index}`));
  let steps = 0, awaited: { count: number; resolve: () => void } | undefined;
  for (const talker of talkers) {
    talker.onStep = () => {
      steps++;
      if (awaited && steps >= awaited.count) awaited.resolve();
    };
    talker.say(lines(talker.name));
  }
  return {
    talkers,
    connect: (url: string) => talkers.forEach((talker) => talker.connect(url)),
    /** Resolves once so much was sent and read, or there is nothing left to say. */
    async steps(count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { count, resolve };
      if (steps >= count) return;
      await Promise.race([promise, Promise.all(talkers.map((talker) => talker.heard()))]);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(talkers.map((talker) => talker.leave()));
    },
  };
}
