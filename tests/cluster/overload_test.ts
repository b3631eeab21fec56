import { assert, assertEquals } from "@std/assert";
import { cpuOf, memoryOf } from "@/tests/bench/cost.ts";
import {
  allLeave,
  allReady,
  assertBounded,
  assertHardlyNoticed,
  broadcast,
  crowd,
  join,
  makeRooms,
  p99,
  socketsAllowed,
  withServer,
} from "@/tests/cluster/crowd.ts";
import { eventually, TIMED } from "@/tests/limits.ts";
import { testWith } from "@/tests/needs.ts";

const MEMBERS = 5_000;
const ROOMS = 5_000;
const HISTORY = 50;
/** How much more it may cost; usually it is less, as thousands share the cost of the commit. */
const COSTLIER = 1.25;
/** How many more files a server may open that runs out of them. */
const FILES = 50;
const REST_MS = 1_000;

Deno.test("five thousand in one room get what one posts, and lists of people the more rarely the more they are", async () => {
  await withServer({}, async ({ url, pid }) => {
    const count = await socketsAllowed(MEMBERS), before = await memoryOf(pid), begun = performance.now();
    const members = crowd(url, 1, count);
    await allReady(members);
    await broadcast(members[0]!, members, "hello, everyone");
    // A second, or a millisecond for each of them.
    const seconds = (performance.now() - begun) / 1_000, apart = Math.max(1, count / 1_000);
    for (const { counts } of members) {
      // Each gets one as it comes, and then what all get.
      const lists = counts.get("list of a large room") ?? 0;
      assert(lists <= 2 + seconds / apart, `${lists} lists came in ${seconds.toFixed(1)} s`);
    }
    await assertBounded(pid, before, count);
    await allLeave(members);
  });
});

Deno.test("five thousand that come back at once get what they missed", async () => {
  await withServer({}, async ({ url, pid }) => {
    const [ada] = await join(url, "Ada");
    assert(ada);
    for (let index = 1; index <= HISTORY; index++) await broadcast(ada, [ada], `message ${index}`);
    const count = await socketsAllowed(MEMBERS) - 1, before = await memoryOf(pid);
    const members = crowd(url, 1, count, { after: "0" });
    await allReady(members);
    assertEquals(members.map(({ counts }) => counts.get("message")), members.map(() => HISTORY));
    await assertBounded(pid, before, count);
    await allLeave([ada, ...members]);
  });
});

Deno.test("five thousand rooms of two are busy at once", async () => {
  await withServer({}, async ({ url, pid }) => {
    const count = await socketsAllowed(2 * ROOMS), before = await memoryOf(pid);
    const rooms = await makeRooms(url, Math.floor(count / 2));
    const pairs = rooms.map((room) => crowd(url, room, 2));
    await allReady(pairs.flat());
    await Promise.all(pairs.map((pair, index) => broadcast(pair[0]!, pair, `hi ${index}`)));
    await assertBounded(pid, before, count);
    await allLeave(pairs.flat());
  });
});

Deno.test("a message costs the same per receiver at thousands of members as at fifty", TIMED, async () => {
  await withServer({}, async ({ url, pid }) => {
    const rooms = await makeRooms(url, 2);
    const costOf = async (count: number, messages: number) => {
      const members = crowd(url, rooms.pop()!, count);
      await Promise.all(members.map((member) => member.seesCount(count)));
      const before = await cpuOf(pid);
      for (let index = 0; index < messages; index++) await broadcast(members[0]!, members, `message ${index}`);
      const cost = (await cpuOf(pid) - before) / messages / count;
      await allLeave(members);
      return cost;
    };
    const atFew = await costOf(50, 300), atMany = await costOf(await socketsAllowed(MEMBERS), 15);
    assert(atMany <= COSTLIER * atFew, `${atMany.toFixed(1)} µs each, and ${atFew.toFixed(1)} µs at fifty`);
  });
});

Deno.test("a client that sends ten times too fast gets errors, and the others hardly notice", TIMED, async () => {
  await withServer({ RATE_LIMIT: "on" }, async ({ url }) => {
    const [ada, bob, mallory] = await join(url, "Ada", "Bob", "Mallory");
    assert(ada && bob && mallory);
    const usual = await p99(ada, bob);
    const flood = setInterval(() => {
      for (let index = 0; index < 10; index++) mallory.post("buy this");
    }, 100);
    await assertHardlyNoticed(usual, ada, bob).finally(() => clearInterval(flood));
    const enough = mallory.awaits("an error", ({ type }) => type === "error");
    for (let index = 0; index < 100; index++) mallory.post("buy this");
    await enough;
    await allLeave([ada, bob, mallory]);
  });
});

Deno.test("a client that never reads is closed, and costs the others nothing", TIMED, async () => {
  await withServer({}, async ({ url, pid }) => {
    const { hostname, port } = new URL(url);
    const [ada, bob] = await join(url, "Ada", "Bob");
    assert(ada && bob);
    const usual = await p99(ada, bob), before = await memoryOf(pid);
    const joined = ada.receives("Deaf joined the room"), left = ada.receives("Deaf left the room");
    using deaf = await Deno.connect({ hostname, port: Number(port) });
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    await deaf.write(
      new TextEncoder().encode(
        `GET /ws/chat/1?username=Deaf HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      ),
    );
    await joined;
    const text = "x".repeat(3_900);
    const talking = setInterval(() => {
      for (let index = 0; index < 50; index++) ada.post(text);
    }, 20);
    await left.finally(() => clearInterval(talking));
    await assertHardlyNoticed(usual, ada, bob);
    await assertBounded(pid, before);
    await allLeave([ada, bob]);
  });
});

const outOfFiles = "where no more files can be opened no socket is closed, and others are let in once there is room";

testWith("prlimit", outOfFiles, async () => {
  await withServer({}, async ({ url, pid, printed }) => {
    const [ada, bob] = await join(url, "Ada", "Bob");
    assert(ada && bob);
    const usual = await p99(ada, bob);
    await allowFiles(pid, await filesOf(pid) + FILES);
    const tries = crowd(url, 1, 2 * FILES), settled = await Promise.allSettled(tries.map(({ ready }) => ready));
    const inside = tries.filter((_, index) => settled[index]!.status === "fulfilled");
    assert(inside.length > 0 && inside.length < tries.length, `${inside.length} were let in`);
    await assertHardlyNoticed(usual, ada, bob);
    const before = await cpuOf(pid);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const share = (await cpuOf(pid) - before) / 1_000 / REST_MS;
    assert(share < 0.3, `it works for ${share} of the time, with no client to serve`);
    await allLeave(inside);
    const [late] = await eventually("a client to be let in again", () => join(url, "Late"));
    await broadcast(late!, [ada, bob, late!], "here I am");
    assertEquals(printed.join("").match(/No more clients can connect/g)?.length, 1);
    await allLeave([ada, bob, late!]);
  });
});

async function filesOf(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

async function allowFiles(pid: number, count: number): Promise<void> {
  const { success } = await new Deno.Command("prlimit", { args: [`--pid=${pid}`, `--nofile=${count}:${count}`] })
    .output();
  assert(success);
}
