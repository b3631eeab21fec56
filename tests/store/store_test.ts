import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { keys, SCHEMA } from "@/lib/store/keys.ts";
import { put, remove } from "@/lib/store/commit.ts";
import { alice, openCore } from "@/tests/people.ts";
import { onNewerSchema, openStore } from "@/lib/store/open.ts";

async function withFile(act: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(`${folder}/store.sqlite`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a store that a newer program wrote is refused with a sentence, and stays as it is", async () => {
  await withFile(async (path) => {
    {
      await using store = await openStore(path);
      await store.commit([], [put(keys.schema(), SCHEMA + 1)]);
    }
    await assertRejects(() => openStore(path), Error, "written by a newer Hubbub");
    const kv = await Deno.openKv(path);
    assertEquals((await kv.get(keys.schema().path)).value, SCHEMA + 1);
    kv.close();
  });
});

Deno.test("a store of the version before is led forward, from wherever the way was cut short", async () => {
  await withFile(async (path) => {
    {
      await using core = await openCore(path);
      const { id } = await core.rooms.create(asGuest(alice), { name: "tea", description: "" });
      await core.store.commit([], [put(keys.schema(), 1), remove(keys.publicRoom(1)), remove(keys.publicRoom(id))]);
    }
    await using core = await openCore(path);
    assertEquals((await core.store.get(keys.schema())).value, SCHEMA);
    const listed = await core.rooms.list(asGuest(alice), { limit: 10 });
    assertEquals(listed.map(({ room }) => room.name), ["general", "tea"]);
  });
});

Deno.test("passwords and secrets of version 3 are found under the prefixes of version 4", async () => {
  await withFile(async (path) => {
    const bytes = new Uint8Array([1, 2, 3]);
    const password = { algorithm: "scrypt", N: 2, r: 1, p: 1, salt: bytes, hash: bytes } as const;
    {
      await using store = await openStore(path);
      await store.commit([], [
        put(keys.schema(), 3),
        { type: "set", key: ["credential", "ada", "password"], value: password },
        { type: "set", key: ["setting", "secret.guest"], value: bytes },
      ]);
    }
    await using store = await openStore(path);
    const [kept, secret] = await store.getBoth(keys.password("ada"), keys.secret("guest"));
    assertEquals([kept.value, secret.value], [password, bytes]);
    const rest = { prefix: ["credential"], schema: keys.password.schema };
    assertEquals(await Array.fromAsync(store.list(rest)), []);
  });
});

Deno.test("mentions of version 3 are one value for each account and room, wherever the way was cut short", async () => {
  await withFile(async (path) => {
    const old = (account: string, room: number, seq: number) =>
      ({ type: "set", key: ["mention", account, room, seq], value: true }) as const;
    {
      await using store = await openStore(path);
      await store.write([
        put(keys.schema(), 3),
        ...Array.from({ length: 150 }, (_, index) => old("ada", 1, index + 1)),
        old("ada", 2, 7),
        old("ben", 2, 9),
        // An earlier way came as far as this.
        put(keys.mentions("ada", 2), [7]),
      ]);
    }
    await using store = await openStore(path);
    const mentions = await Array.fromAsync(store.list(keys.mentions.under()));
    assertEquals(mentions.map(({ key, value }) => [...key, value.length, value[0]]), [
      ["mentions", "ada", 1, 100, 51],
      ["mentions", "ada", 2, 1, 7],
      ["mentions", "ben", 2, 1, 9],
    ]);
    assertEquals(await Array.fromAsync(store.list({ prefix: ["mention"], schema: keys.publicRoom.schema })), []);
  });
});

Deno.test("a program notices that a newer one has migrated the store", async () => {
  await using core = await openCore();
  const newer = Promise.withResolvers<void>(), watching = new AbortController();
  onNewerSchema(core.store, watching.signal, newer.resolve);
  await core.store.commit([], [put(keys.schema(), SCHEMA + 1)]);
  await newer.promise;
  watching.abort();
});

Deno.test("a deletion that was cut short is finished at the next start", async () => {
  await withFile(async (path) => {
    {
      await using core = await openCore(path);
      const room = await core.rooms.create(asGuest(alice), { name: "doomed", description: "" });
      await core.messages.post(asGuest(alice), room.id, { content: "left behind?" });
      // What the commit of a deletion writes; the process is killed before it has removed the rest.
      await core.store.commit([], [
        { type: "delete", key: keys.room(room.id).path },
        { type: "delete", key: keys.roomByName("doomed").path },
        { type: "delete", key: keys.head(room.id).path },
        put(keys.job(0, "left"), { kind: "sweep_room", payload: { room: room.id }, tries: 1, createdAt: 0 }),
      ]);
    }
    await using core = await openCore(path);
    await core.jobs.idle();
    for (const selection of [keys.log.under(2), keys.job.under()]) {
      for await (const { key } of core.store.list<unknown>(selection)) {
        throw new Error(`left over: ${JSON.stringify(key)}`);
      }
    }
  });
});

Deno.test("a closed store says that it is unavailable, and not that a room is missing", async () => {
  const core = await openCore();
  assert(await core.store.isResponsive(1_000));
  core.store.close();
  assertEquals(await core.store.isResponsive(1_000), false);
  const error = await assertRejects(() => core.rooms.find(asGuest(alice), "general"), ChatError);
  assertEquals([error.code, error.status], ["store_unavailable", 503]);
});

Deno.test("a watch gives a key's value now, and again when it has changed", async () => {
  await using core = await openCore();
  const { signal, abort } = aborter();
  const seen: (number | undefined)[] = [];
  const three = Promise.withResolvers<void>();
  const watching = core.store.watch([keys.head(1), keys.head(99)], signal, (index, head) => {
    if (index === 1) assertEquals(head, null);
    else if (seen.push(head?.seq) === 2) three.resolve();
    else {core.rooms.find(asGuest(alice), "general").then(({ room }) =>
        core.messages.post(asGuest(alice), room.id, { content: "ring" })
      );}
  });
  await three.promise;
  assertEquals(seen, [0, 1]);
  abort();
  await watching;
});

function aborter() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
