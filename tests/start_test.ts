import { assert, assertEquals, assertRejects } from "@std/assert";
import { dial } from "@/tests/client.ts";
import { startServer } from "@/tests/process.ts";

Deno.test("a start that can't succeed ends with a sentence that says what to do", async (t) => {
  const dataDir = await Deno.makeTempDir();
  await using running = await startServer(dataDir);
  await t.step("the port is taken", async () => {
    const { port } = new URL(running.url);
    await assertRejects(() => startServer(dataDir, { PORT: port }), Error, "choose another with PORT");
  });
  await t.step("a setting is wrong", async () => {
    await assertRejects(() => startServer(dataDir, { GUESTS: "everybody" }), Error, 'GUESTS is "everybody"');
  });
  await t.step("DATA_DIR isn't writable", async () => {
    await assertRejects(() => startServer("/proc/nowhere"), Error, "with DATA_DIR");
  });
  assertEquals((await (await fetch(`${running.url}/health`)).json()).status, "healthy");
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("settings come from a .env file too, and the environment wins over it", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/.env`, 'GUESTS="none"\nDATA_DIR=elsewhere\n');
  await using running = await startServer(`${folder}/data`, {}, folder);
  const { status } = await fetch(`${running.url}/api/chat/rooms`);
  assertEquals(status, 401, "GUESTS is none");
  assertEquals((await Deno.stat(`${folder}/data/hubbub.sqlite`)).isFile, true);
  await running[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

if (navigator.hardwareConcurrency > 1) {
  Deno.test("a busy server adds an isolate, and both serve one room", async () => {
    const dataDir = await Deno.makeTempDir();
    await using server = await startServer(dataDir);
    const hasGrown = () => server.printed.join("").includes("Another isolate begins to serve");
    const giveUp = performance.now() + 60_000;
    while (!hasGrown() && performance.now() < giveUp) {
      await Promise.all(Array.from({ length: 8 }, async () => await (await fetch(`${server.url}/rooms/1`)).text()));
    }
    assert(hasGrown(), server.printed.join(""));
    const room = (name: string) => dial(`${server.url.replace("http", "ws")}/ws/chat/1?username=${name}`);
    const people = Array.from({ length: 12 }, (_, index) => room(`guest ${index}`));
    await Promise.all(people.map((client) => client.until("users_list")));
    await people[0]!.send({ type: "message", content: "Can you all hear me?" });
    await Promise.all(people.map((client) => client.until("message")));
    for (const client of people) client.close();
    await Promise.all(people.map((client) => client.closed));
    await Deno.remove(dataDir, { recursive: true });
  });
}
