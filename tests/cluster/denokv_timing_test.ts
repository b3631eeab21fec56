import { assert, assertEquals } from "@std/assert";
import { openStore } from "@/lib/store/open.ts";
import { startCluster } from "@/tests/cluster/cluster.ts";
import { connectAll, contentsOf, join, lists } from "@/tests/cluster/denokv_clients.ts";
import { testWithDenokv } from "@/tests/denokv.ts";
import { TIMED } from "@/tests/limits.ts";

/** What crosses from one instance to the other is there within this, in milliseconds, in 99 of 100 cases. */
const CROSSING_MS = 500;
/** A client whose instance stops is back at another within this, in milliseconds. */
const BACK_MS = 2_000;

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

testWithDenokv("two instances are replaced one after the other while clients post, and nothing is lost", async () => {
  await using cluster = await startCluster(2);
  const posts = 2_400, away = new Set<string>();
  await using crowd = connectAll((index) => cluster.urls.filter((url) => !away.has(url)).at(-index % 2)!);
  const { clients } = crowd;
  for (const client of clients) client.post(...contentsOf(client, posts / clients.length));
  for (const [index, instance] of cluster.instances.entries()) {
    await clients[0]!.reached(posts / 4 * (index + 1));
    away.add(instance.url);
    assertEquals(await instance.stop(), { code: 0 });
    await instance.start();
    away.delete(instance.url);
  }
  await Promise.all(clients.map((client) => client.acknowledged()));
  await Promise.all(clients.map((client) => client.reached(posts)));
  assertEquals(new Set(clients.flatMap(({ closeCodes }) => closeCodes)), new Set([1001]));
  const longest = Math.max(...clients.flatMap(({ absences }) => absences));
  assert(longest < BACK_MS, `a client is away for ${longest.toFixed(0)} ms`);
  await using store = await openStore(cluster.store.url);
  await crowd.assertKept(store);
}, TIMED);

async function assertCrosses(what: string, turns: number, cross: (turn: number) => Promise<void>): Promise<void> {
  const delays: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const begun = performance.now();
    await cross(turn);
    delays.push(performance.now() - begun);
  }
  delays.sort((one, other) => one - other);
  const median = delays[Math.floor(turns / 2)]!, late = delays[Math.ceil(turns * 0.99) - 1]!;
  assert(late < CROSSING_MS, `${what} take ${late.toFixed(0)} ms, usually ${median.toFixed(0)}`);
}
