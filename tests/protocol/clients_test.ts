/**
 * Clients that others wrote, against the program as it runs: Python's `websockets` and `httpx`, and `wscat`.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { testWith } from "@/tests/needs.ts";
import { startServer } from "@/tests/process.ts";

const SCRIPT = new URL("clients.py", import.meta.url).pathname;
const PACKAGES = ["websockets", "httpx"];

/** Runs a program to its end. */
async function run(command: string, args: string[], env: Record<string, string> = {}) {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env, stdin: "null" }).output();
  return { success, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Puts Python's packages into a folder: with the machine's `pip`, or with that of an environment of its own. */
async function install(folder: string): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", `${folder}/packages`];
  const own = `${folder}/environment`;
  if ((await run("python3", [...pip, ...PACKAGES])).success) return;
  const made = await run("python3", ["-m", "venv", own]);
  const installed = await run(`${own}/bin/python`, [...pip, ...PACKAGES]);
  assert(installed.success, made.said + installed.said);
}

testWith("python3", "clients in Python work unchanged", async (t) => {
  const folder = await Deno.makeTempDir();
  await install(folder);
  const env = { PYTHONPATH: `${folder}/packages`, PYTHONDONTWRITEBYTECODE: "1" };
  {
    await using running = await startServer(`${folder}/data`);
    for (const protocol of ["rooms", "lobby", "chats", "bearer"]) {
      await t.step(protocol, async () => {
        const { success, said } = await run("python3", [SCRIPT, running.url, protocol], env);
        assert(success, said);
      });
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("wscat works unchanged: somebody types into a terminal, and sees what is said", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using running = await startServer(`${folder}/data`);
    const client = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-lock",
        "npm:wscat@^6",
        "--no-color",
        "-c",
        `${running.url.replace("http", "ws")}/ws/alice`,
      ],
      env: { NO_COLOR: "1" },
      cwd: folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const keyboard = client.stdin.getWriter();
    let screen = "", typed = false;
    for await (const text of client.stdout.pipeThrough(new TextDecoderStream())) {
      screen += text;
      if (!typed && screen.includes("user_joined")) {
        typed = true;
        await keyboard.write(new TextEncoder().encode('{"message":"hi"}\nplain text\n'));
      }
      if (screen.includes('"plain text"')) await keyboard.close().catch(() => undefined);
    }
    assertEquals((await client.status).success, true);
    const said = [...screen.matchAll(/"type":"(\w+)","user_name":"alice","message":"([^"]*)"/g)];
    assertEquals(said.map(([, type, message]) => [type, message]), [
      ["user_joined", "alice joined the chat"],
      ["chat_message", "hi"],
      ["chat_message", "plain text"],
    ]);
  }
  await Deno.remove(folder, { recursive: true });
});
