import { assert, assertEquals } from "@std/assert";
import { testWith } from "@/tests/needs.ts";
import { startServer } from "@/tests/process.ts";
import { dial } from "@/tests/client.ts";

const root = new URL("..", import.meta.url).pathname;
const readme = await Deno.readTextFile(`${root}README.md`);
const ADDRESS = "http://127.0.0.1:8000";
/** Where another test, or the check of every change, runs a command that is too long or too circular for this one. */
const RUN_ELSEWHERE = new Set(["npx -y deno@2.9.6 task test"]);

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp("^```" + language + "\\n([^`]*)^```$", "gm"))].map(([, text]) => text!);
}

testWith("curl", "every command in the README does what it says", async () => {
  const dataDir = await Deno.makeTempDir();
  await using server = await startServer(dataDir);
  const isCalls = (block: string) => block.includes("curl ");
  const calls = blocks("sh").filter(isCalls);
  assertEquals(calls.length, 2, "the README shows the API, to anybody and to an account");
  for (const block of calls) {
    const script = block.replaceAll("curl -s", "curl -sSf").replaceAll(ADDRESS, server.url);
    const { success, stdout, stderr } = await new Deno.Command("sh", { args: ["-ec", script] }).output();
    assert(success, block + new TextDecoder().decode(stderr));
    const answers = new TextDecoder().decode(stdout).replaceAll(/(?<=[}\]])(?=[{[])/g, "\n").split("\n");
    assertEquals(answers.length, block.split("\n").filter((line) => line.startsWith("curl")).length, block);
    for (const answer of answers) JSON.parse(answer);
  }
  const commands = blocks("sh").filter((block) => !isCalls(block)).flatMap((block) => block.trim().split("\n"));
  assertEquals(commands.filter((command) => !RUN_ELSEWHERE.has(command)), ["npx -y deno@2.9.6 task start"]);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("the first command starts the server on a machine with Node.js, in an empty folder of data", async () => {
  const dataDir = `${await Deno.makeTempDir()}/not/yet/there`;
  const child = new Deno.Command("npx", {
    args: ["-y", "deno@2.9.6", "task", "start"],
    cwd: root,
    env: { PORT: "0", DATA_DIR: dataDir },
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  try {
    let said = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (/ is at http:\/\/\S+\s/.test(said)) break;
    }
    const url = / is at (http:\/\/[^\s"]+)/.exec(said)?.[1];
    assert(url, said);
    assertEquals((await (await fetch(`${url}/health`)).json()).status, "healthy");
  } finally {
    Deno.kill(-child.pid, "SIGKILL");
    await child.status;
  }
});

Deno.test("the frames in the README are those on the wire", async () => {
  const dataDir = await Deno.makeTempDir();
  await using server = await startServer(dataDir);
  const [dialogue] = [...readme.matchAll(/^```\n(> [^`]*)^```$/gm)].map(([, text]) => text!);
  assert(dialogue, "the README shows a dialogue");
  const client = dial(`${server.url.replace("http", "ws")}/ws/chat/general`);
  for (const line of dialogue.trim().split("\n")) {
    if (line.startsWith("> ")) await client.send(line.slice(2));
    else assertEquals((await client.next()).type, /"type":"(\w+)"/.exec(line)?.[1]);
  }
  client.close();
  await client.closed;
  await Deno.remove(dataDir, { recursive: true });
});
