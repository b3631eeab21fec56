import { assert, assertEquals } from "@std/assert";
import { asGuest } from "@/lib/chat/policy.ts";
import { openStore } from "@/lib/store/open.ts";
import { dial, type Frame } from "@/tests/client.ts";
import { register } from "@/tests/cluster/account.ts";
import { startCluster, temporaryFolder } from "@/tests/cluster/cluster.ts";
import { connectAll, contentsOf, join, lists } from "@/tests/cluster/denokv_clients.ts";
import { FaultyProxy } from "@/tests/cluster/faulty_proxy.ts";
import { startDenokv, testWithDenokv } from "@/tests/denokv.ts";
import { ask, eventually } from "@/tests/limits.ts";
import { alice, openCore } from "@/tests/people.ts";
import { serve } from "@/tests/server.ts";

/** The people of a killed process are removed within this, in milliseconds. */
const GONE_MS = 15_000;
/** A request while the store is known to be away fails within this, in milliseconds. */
const AT_ONCE_MS = 1_500;
/** An instance whose store is silent reconnects within this, in milliseconds. */
const BACK_AGAIN_MS = 25_000;

testWithDenokv("two instances write to one room, and everyone reads it in one order", async () => {
  await using cluster = await startCluster(2);
  await using crowd = connectAll((index) => cluster.urls[index % 2]!);
  const { clients } = crowd, posts = 1_200;
  for (const client of clients) client.post(...contentsOf(client, posts / clients.length));
  await Promise.all(clients.map((client) => client.acknowledged()));
  await Promise.all(clients.map((client) => client.reached(posts)));
  await using store = await openStore(cluster.store.url);
  await crowd.assertKept(store);
});

testWithDenokv("presence, typing, new rooms and sign-outs cross from one instance to the other", async () => {
  await using cluster = await startCluster(2);
  const [one, other] = cluster.urls;
  const { cookie: mia } = await register(one, "Mia");
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

testWithDenokv("the people of an instance that is killed are removed within 15 seconds", async () => {
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
  "while the store is away posts are refused with 503, and one that is sent again is stored once",
  async () => {
    await using cluster = await startCluster(2);
    const [one, other] = cluster.urls;
    await cluster.store.kill();
    assertEquals((await post(one, "hello")).status, 503);
    const begun = performance.now();
    assertEquals((await post(one, "hello")).status, 503);
    assert(performance.now() - begun < AT_ONCE_MS, "the next is refused at once");
    assertEquals((await ask(`${one}/health`)).status, 503);
    await cluster.store.start();
    for (const url of cluster.urls) {
      await eventually(`${url} to have its store again`, async () => assert((await post(url, "hello")).ok));
    }
    const messages = await (await ask(`${other}/api/chat/rooms/1/messages`)).json();
    assertEquals(messages.length, 1);
  },
);

testWithDenokv("a commit whose answer is lost takes effect once, and is acknowledged", async () => {
  await using folder = await temporaryFolder();
  await using server = await startDenokv(folder.path);
  await using proxy = new FaultyProxy(server.url);
  await using core = await openCore(proxy.url);
  const { room } = await core.rooms.find(asGuest(alice), "general");
  await core.messages.post(asGuest(alice), room.id, { content: "first" });
  proxy.cut("answer");
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "second" });
  assertEquals(post.seq, 2);
  assertEquals((await core.log.head(room.id))?.seq, 2, "it is stored once");
});

testWithDenokv(
  "an instance whose connections to the store are dead without a sign of it reconnects",
  async () => {
    await using folder = await temporaryFolder();
    await using store = await startDenokv(folder.path);
    await using proxy = new FaultyProxy(store.url);
    await using one = await serve({ store: proxy.url });
    await using other = await serve({ store: store.url });
    const ada = await one.join("Ada"), bob = await other.join("Bob");
    await ada.until("users_list", lists("Ada", "Bob"));
    proxy.blackhole();
    await bob.send({ type: "message", content: "Are you there?" });
    assertEquals((await ada.until("message", () => true, BACK_AGAIN_MS)).content, "Are you there?");
    await ada.send({ type: "message", content: "I am." });
    await bob.until("message", ({ content }) => content === "I am.");
  },
);

/** A post with a nonce, always the same. */
async function post(url: string, content: string): Promise<Response> {
  const body = JSON.stringify({ username: "Bob", content, nonce: "n" });
  const response = await ask(`${url}/api/chat/rooms/1/messages`, { method: "POST", body });
  await response.body?.cancel();
  return response;
}

function socketOf(url: string, path: string): string {
  return url.replace("http", "ws") + path;
}

function has(name: string, there = true): (frame: Frame) => boolean {
  return ({ users }) => JSON.stringify(users).includes(`"${name}"`) === there;
}
