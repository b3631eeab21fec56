import { assertEquals, assertRejects } from "@std/assert";
import { startServer } from "@/tests/process.ts";

Deno.test("a start that cannot succeed ends with a sentence that says what to do", async (t) => {
  const dataDir = await Deno.makeTempDir();
  await using running = await startServer(dataDir);
  await t.step("the port is taken", async () => {
    const { port } = new URL(running.url);
    await assertRejects(() => startServer(dataDir, { PORT: port }), Error, "choose another with PORT");
  });
  await t.step("a setting is wrong", async () => {
    await assertRejects(() => startServer(dataDir, { GUESTS: "everybody" }), Error, 'GUESTS is "everybody"');
  });
  await t.step("the data cannot be kept where it is told to", async () => {
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
