import { assert, assertEquals } from "@std/assert";
import type { Room } from "@/lib/model/room.ts";
import { Talker } from "@/tests/cluster/talker.ts";
import { ask, TIMED, within } from "@/tests/limits.ts";

const POSTS = 10_000;
const PEOPLE = 8;
/** What one isolate commits is in the other's sockets within this, usually; a poll would take longer. */
const USUAL_MS = 50;
const ALWAYS_MS = 1_000;

Deno.test("two isolates write ten thousand posts to one room, and everyone reads them in one order", async () => {
  await using isolates = await openIsolates();
  await using party = newParty(isolates, PEOPLE);
  const each = POSTS / PEOPLE;
  for (const { name, talker } of party.people) talker.say(Array.from({ length: each }, (_, i) => `${name} ${i}`));
  await Promise.all(party.people.map(({ talker }) => talker.heard()));
  await Promise.all(party.people.map(({ talker }) => talker.reached(POSTS)));
  const [first] = party.people, order = first!.talker.seen.map(({ content }) => content);
  for (const { name, talker: { seen, faults } } of party.people) {
    assertEquals(faults, [], `${name} saw no gap, no repeat and no error`);
    assertEquals(seen.map(({ content }) => content), order, `${name} saw what everybody saw`);
    const own = seen.filter(({ username }) => username === name).map(({ content }) => content);
    assertEquals(own, Array.from({ length: each }, (_, i) => `${name} ${i}`), `${name}'s posts are in order`);
  }
});

Deno.test("what is said in one isolate is heard in the other at once", TIMED, async () => {
  await using isolates = await openIsolates();
  await using party = newParty(isolates, 2);
  const [one, two] = party.people.map(({ talker }) => talker) as [Talker, Talker];
  const delays: number[] = [];
  for (let seq = 1; seq <= 60; seq++) {
    const [speaker, listener] = seq % 2 ? [one, two] : [two, one];
    const begun = performance.now();
    speaker.say([`${seq}`]);
    await listener.reached(seq);
    delays.push(performance.now() - begun);
  }
  delays.sort((a, b) => a - b);
  const median = delays[delays.length / 2]!, longest = delays.at(-1)!;
  assert(median < USUAL_MS, `it takes ${median.toFixed(1)} ms`);
  assert(longest < ALWAYS_MS, `it takes up to ${longest.toFixed(1)} ms`);
});

Deno.test("edits, reactions, pins and deletions cross from one isolate to the other", async () => {
  await using isolates = await openIsolates();
  await using party = newParty(isolates, 2);
  const [one, two] = party.people.map(({ talker }) => talker) as [Talker, Talker];
  one.say(["helo", "nonsense"]);
  await two.reached(2);
  const first = 2 ** 32 + 1, second = 2 ** 32 + 2;
  one.send({ type: "edit", id: first, content: "hello" });
  await two.reached(3);
  two.send({ type: "react", id: first, emoji: "👍" });
  await one.reached(4);
  two.send({ type: "pin", id: first });
  await one.reached(5);
  one.send({ type: "delete", id: second });
  await two.reached(6);
  await one.reached(6);
  const expected = [["message", "helo"], ["message", "nonsense"], ["edited", "hello"], ["reacted", undefined], [
    "pinned",
    undefined,
  ], ["deleted", undefined]];
  for (const { seen, faults } of [one, two]) {
    assertEquals(seen.map(({ type, content }) => [type, content]), expected);
    assertEquals(faults, []);
  }
});

Deno.test("a room that is deleted in one isolate closes for those in the other", async () => {
  await using isolates = await openIsolates();
  const [one, two] = isolates.urls;
  const made = await ask(`${one}/rooms/brief`, { method: "POST" }), room: Room = await made.json();
  const here = new Talker("Here", room.id), there = new Talker("There", room.id);
  here.connect(one);
  there.connect(two);
  here.say(["is anybody there?"]);
  await Promise.all([here.reached(1), there.reached(1)]);
  const deleted = await ask(`${one}/rooms/${room.id}`, { method: "DELETE" });
  assertEquals([deleted.status, await deleted.text()], [200, ""]);
  assertEquals(await Promise.all([here.gone(), there.gone()]), [4410, 4410]);
});

/** People in the room `general`, one half in each isolate. */
function newParty({ urls }: { urls: readonly string[] }, size: number) {
  const people = Array.from({ length: size }, (_, index) => {
    const name = `p${index}`, talker = new Talker(name, 1, 32);
    talker.connect(urls[index % urls.length]!);
    return { name, talker };
  });
  return {
    people,
    async [Symbol.asyncDispose]() {
      await Promise.all(people.map(({ talker }) => talker.leave()));
    },
  };
}

/** Two isolates over one store file of their own. */
async function openIsolates() {
  const folder = await Deno.makeTempDir({ prefix: "hubbub-" });
  const workers = [openIsolate(`${folder}/store.sqlite`), openIsolate(`${folder}/store.sqlite`)] as const;
  const urls = await Promise.all([workers[0].next(), workers[1].next()]);
  return {
    urls,
    async [Symbol.asyncDispose]() {
      for (const { worker, next } of workers) {
        const gone = next();
        worker.postMessage("go");
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
    return within("a word from an isolate", word);
  };
  return { worker, next };
}
