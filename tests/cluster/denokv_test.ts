import { assert, assertEquals } from "@std/assert";
import { asGuest } from "@/lib/chat/policy.ts";
import { type Client, dial, type Frame } from "@/tests/client.ts";
import { startCluster, temporaryFolder } from "@/tests/cluster/cluster.ts";
import { Talker } from "@/tests/cluster/talker.ts";
import { Wire } from "@/tests/cluster/wire.ts";
import { startDenokv, testWithDenokv } from "@/tests/denokv.ts";
import { ask, eventually, TIMED } from "@/tests/limits.ts";
import { accessOf, alice, openCore } from "@/tests/people.ts";
import { serve } from "@/tests/server.ts";

const PEOPLE = 6;
/** What crosses from one instance to the other is there within this, in milliseconds, in 99 of 100 cases. */
const CROSSING_MS = 500;
/** A process that was killed is gone for everyone within this, in milliseconds. */
const GONE_MS = 15_000;
/** What is known already takes no longer than this, in milliseconds. */
const AT_ONCE_MS = 1_500;
/** Whoever is sent away is back elsewhere within this, in milliseconds. */
const BACK_MS = 2_000;
/** An instance that hears nothing of the store any more notices within this, in milliseconds. */
const BACK_AGAIN_MS = 25_000;

testWithDenokv("two instances write to one room, and everyone reads it in one order", async () => {
  await using cluster = await startCluster(2);
  const posts = 1_200, people = crowd(cluster.urls);
  for (const talker of people) talker.say(lines(talker.name, posts / PEOPLE));
  await Promise.all(people.map((talker) => talker.heard()));
  await Promise.all(people.map((talker) => talker.reached(posts)));
  assertSame(people);
  await Promise.all(people.map((talker) => talker.leave()));
});

testWithDenokv("who comes, types, makes a room and signs out at one instance is known at the other", async () => {
  await using cluster = await startCluster(2);
  const [one, other] = cluster.urls;
  const mia = await register(one, "Mia");
  const page = dial(socketOf(other, "/ws"), { headers: { cookie: mia } });
  await page.until("hello");
  await page.send({ type: "subscribe", room: 1, nonce: "s" });
  await page.until("ok");
  const gus = await join(one, "Gus");
  await page.until("presence", has("Gus"));
  await page.send({ type: "typing", room: 1, on: true });
  assertEquals((await gus.until("typing")).users, ["Mia"]);
  await ask(`${one}/api/chat/rooms`, { method: "POST", body: JSON.stringify({ name: "tea" }) });
  assertEquals((await page.until("rooms")).event, "created");
  gus.close();
  await page.until("presence", has("Gus", false));
  await ask(`${one}/api/auth/logout`, { method: "POST", headers: { cookie: mia } });
  assertEquals((await page.closed).code, 4401);
});

testWithDenokv("messages and typing cross within half a second, nearly always", async () => {
  await using cluster = await startCluster(2);
  const [one, other] = cluster.urls;
  const ada = await join(one, "Ada"), bob = await join(other, "Bob");
  await ada.until("users_list", lists("Ada", "Bob"));
  await bob.until("users_list", lists("Ada", "Bob"));
  for (const [from, to] of [[ada, bob], [bob, ada]] as const) {
    await assertCrosses("typing", 40, async (turn) => {
      await from.send({ type: "typing", is_typing: turn % 2 === 0 });
      await to.until("typing");
    });
    await assertCrosses("messages", 100, async (turn) => {
      await from.send({ type: "message", content: `${turn}` });
      await to.until("message", ({ content }) => content === `${turn}`);
    });
  }
  ada.close();
  bob.close();
}, TIMED);

testWithDenokv("whoever was at an instance that is killed is gone within 15 seconds", async () => {
  await using cluster = await startCluster(2);
  const [one, other] = cluster.urls;
  const ada = await join(one, "Ada"), bob = await join(other, "Bob");
  await ada.until("users_list", lists("Ada", "Bob"));
  const begun = performance.now();
  await cluster.instances[1]!.kill();
  await ada.until("users_list", lists("Ada"), GONE_MS);
  assert(performance.now() - begun < GONE_MS);
  assertEquals((await (await ask(`${one}/api/chat/rooms/1`)).json()).online, 1);
  ada.close();
  bob.close();
});

testWithDenokv(
  "two instances are replaced one after the other while people talk, and nobody loses anything",
  async () => {
    await using cluster = await startCluster(2);
    const people = crowd(cluster.urls), absences: number[] = [];
    const posts = 2_400, replaced = [people.filter((_, index) => index % 2 === 0), people];
    for (const talker of people) talker.say(lines(talker.name, posts / PEOPLE));
    for (const [index, instance] of cluster.instances.entries()) {
      await people[0]!.reached(posts / 4 * (index + 1));
      const elsewhere = cluster.instances[1 - index]!;
      const gone = Promise.all(replaced[index]!.map(async (talker) => {
        const { arrivals } = talker;
        assertEquals(await talker.gone(), 1001);
        const begun = performance.now();
        talker.connect(elsewhere.url);
        await talker.until(() => talker.arrivals > arrivals, "the way back");
        absences.push(performance.now() - begun);
      }));
      const { code } = await instance.stop();
      assertEquals(code, 0);
      await gone;
      await instance.start();
    }
    await Promise.all(people.map((talker) => talker.heard()));
    await Promise.all(people.map((talker) => talker.reached(posts)));
    assertSame(people);
    const longest = Math.max(...absences);
    assert(longest < BACK_MS, `somebody is away for ${longest.toFixed(0)} ms`);
    await Promise.all(people.map((talker) => talker.leave()));
  },
  TIMED,
);

/** Talkers in the room `general`, in turn at each instance. */
function crowd(urls: readonly string[]): Talker[] {
  return Array.from({ length: PEOPLE }, (_, index) => {
    const talker = new Talker(`p${index}`, 1, 16);
    talker.connect(urls[index % urls.length]!);
    return talker;
  });
}

function lines(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} says ${index + 1}`);
}

/** Everybody saw the same, without a gap or a repeat, and each one's posts in the order of their sending. */
function assertSame(people: readonly Talker[]): void {
  const order = people[0]!.seen.map(({ content }) => content);
  for (const { name, seen, faults } of people) {
    assertEquals(faults, [], `${name} saw no gap, no repeat and no error`);
    assertEquals(seen.map(({ content }) => content), order, `${name} saw what everybody saw`);
    const own = seen.filter(({ username }) => username === name).map(({ content }) => content);
    assertEquals(own, lines(name, own.length), `${name}'s posts are there once, in order`);
  }
}

async function assertCrosses(what: string, turns: number, cross: (turn: number) => Promise<void>): Promise<void> {
  const delays: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const begun = performance.now();
    await cross(turn);
    delays.push(performance.now() - begun);
  }
  delays.sort((one, other) => one - other);
  const median = delays[Math.floor(turns / 2)]!, late = delays[Math.ceil(turns * 0.99) - 1]!;
  console.log(`${what} cross in ${median.toFixed(1)} ms, 99 of 100 in ${late.toFixed(1)} ms`);
  assert(late < CROSSING_MS, `${what} take ${late.toFixed(0)} ms, usually ${median.toFixed(0)}`);
}

async function join(url: string, username: string): Promise<Client> {
  const client = dial(socketOf(url, "/ws/chat/1"));
  await client.send({ username });
  await client.until("connected");
  return client;
}

/** A post with a nonce, always the same. */
async function post(url: string, content: string): Promise<Response> {
  const body = JSON.stringify({ username: "Bob", content, nonce: "n" });
  const response = await ask(`${url}/api/chat/rooms/1/messages`, { method: "POST", body });
  await response.body?.cancel();
  return response;
}

/** The cookies of somebody who has just registered. */
async function register(url: string, username: string): Promise<string> {
  const body = JSON.stringify({ username, password: "correct horse battery" });
  const response = await ask(`${url}/api/auth/register`, { method: "POST", body });
  assertEquals(response.status, 201, await response.text());
  return response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).join("; ");
}

function socketOf(url: string, path: string): string {
  return url.replace("http", "ws") + path;
}

function lists(...users: string[]): (frame: Frame) => boolean {
  return (frame) => JSON.stringify(frame.users) === JSON.stringify(users);
}

function has(name: string, there = true): (frame: Frame) => boolean {
  return ({ users }) => JSON.stringify(users).includes(`"${name}"`) === there;
}

testWithDenokv("a store that is away is told as such, and what is then said again is there once", async () => {
  await using cluster = await startCluster(2);
  const [one, other] = cluster.urls;
  await cluster.store.kill();
  assertEquals((await post(one, "hello")).status, 503);
  const begun = performance.now();
  assertEquals((await post(one, "hello")).status, 503);
  assert(performance.now() - begun < AT_ONCE_MS, "the next is told at once");
  assertEquals((await ask(`${one}/health`)).status, 503);
  await cluster.store.start();
  for (const url of cluster.urls) {
    await eventually(`${url} to have its store again`, async () => assert((await post(url, "hello")).ok));
  }
  const said = await (await ask(`${other}/api/chat/rooms/1/messages`)).json();
  assertEquals(said.length, 1);
});

testWithDenokv("a commit whose answer is lost happens once, and is told as what it was", async () => {
  await using folder = await temporaryFolder();
  await using server = await startDenokv(folder.path);
  await using wire = new Wire(server.url);
  server.unlock();
  await using core = await openCore(wire.url);
  const { room } = await core.rooms.find(asGuest(alice), "general");
  await core.messages.post(accessOf(alice, room), { content: "first" });
  wire.cut("answer");
  const { post } = await core.messages.post(accessOf(alice, room), { content: "second" });
  assertEquals(post.seq, 2);
  assertEquals((await core.log.head(room.id))?.seq, 2, "it is stored once");
});

testWithDenokv(
  "an instance whose connections to the store are gone, and nobody told it, finds its way back",
  async () => {
    await using folder = await temporaryFolder();
    await using store = await startDenokv(folder.path);
    await using wire = new Wire(store.url);
    store.unlock();
    await using one = await serve({ store: wire.url });
    await using other = await serve({ store: store.url });
    const ada = await one.join("Ada"), bob = await other.join("Bob");
    await ada.until("users_list", lists("Ada", "Bob"));
    wire.freeze();
    await bob.send({ type: "message", content: "Are you there?" });
    assertEquals((await ada.until("message", () => true, BACK_AGAIN_MS)).content, "Are you there?");
    await ada.send({ type: "message", content: "I am." });
    await bob.until("message", ({ content }) => content === "I am.");
  },
);
