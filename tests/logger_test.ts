import { assert, assertEquals, assertMatch } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { logger, setLogFormat, ThrottledWarning } from "@/lib/logger.ts";
import { dial } from "@/tests/client.ts";
import { startServer } from "@/tests/process.ts";
import { serve } from "@/tests/server.ts";

/** The lines that are written while something is done. */
async function linesOf(act: () => void | Promise<void>): Promise<string[]> {
  const { log, error } = console, lines: string[] = [];
  console.log = console.error = (line: unknown) => void lines.push(String(line));
  try {
    await act();
  } finally {
    console.log = log;
    console.error = error;
  }
  return lines;
}

Deno.test("a text line has the time, the sentence and its fields", async () => {
  const lines = await linesOf(() => {
    logger.info("Hubbub is at http://127.0.0.1:8000", { isolates: 2 });
    logger.warn("The store is slow", { seconds: 1.5 });
  });
  assertMatch(lines[0]!, /^\d\d:\d\d:\d\d Hubbub is at http:\/\/127\.0\.0\.1:8000 isolates=2$/);
  assertMatch(lines[1]!, /^\d\d:\d\d:\d\d warn: The store is slow seconds=1.5$/);
});

Deno.test("a line for programs is an object of JSON, with an error's code, stack and cause", async () => {
  const error = new ChatError("store_unavailable", "The store does not answer.");
  error.cause = new TypeError("broken pipe");
  setLogFormat("json");
  const lines = await linesOf(() => logger.error("A watch broke", { room: 7 }, error));
  setLogFormat("text");
  assertEquals(lines.length, 1);
  const { time, level, message, room, error: told } = JSON.parse(lines[0]!);
  assertEquals([level, message, room], ["error", "A watch broke", 7]);
  assertEquals(new Date(time).toISOString(), time);
  assertEquals([told.code, told.message], ["store_unavailable", "The store does not answer."]);
  assertMatch(told.stack, /logger_test\.ts/);
  assertEquals([told.cause.name, told.cause.message], ["TypeError", "broken pipe"]);
});

Deno.test("a text line has an error's code, stack and cause too", async () => {
  const error = new ChatError("store_unavailable", "The store does not answer.");
  error.cause = new TypeError("broken pipe");
  const [line = ""] = await linesOf(() => logger.error("A watch broke", {}, error));
  for (const part of ["error: A watch broke", "store_unavailable", "logger_test.ts", "TypeError: broken pipe"]) {
    assert(line.includes(part), part);
  }
});

Deno.test("a warning that happens a thousand times at once is logged once", async () => {
  const seldom = new ThrottledWarning("A watch broke");
  const lines = await linesOf(() => {
    for (let time = 0; time < 1000; time++) seldom.warn();
  });
  assertEquals(lines.length, 1);
});

Deno.test("an unexpected error of a page or request is logged with its stack, and not shown", async () => {
  await using server = await serve();
  server.chat.rooms.list = () => Promise.reject(new TypeError("a secret of the program"));
  for (const path of ["/", "/api/chat/rooms"]) {
    const lines = await linesOf(async () => {
      const response = await server.fetch(path);
      assertEquals(response.status, 500);
      assert(!(await response.text()).includes("secret"));
    });
    const told = lines.filter((line) => line.includes("TypeError: a secret of the program"));
    assertEquals(told.length, 1, path);
    assertMatch(told[0]!, /^\d\d:\d\d:\d\d error: .*\n.*\n *at .*logger_test\.ts/);
  }
});

Deno.test("no line holds what people write, or their secrets", async () => {
  const dataDir = await Deno.makeTempDir();
  for (const LOG of ["json", "text"]) {
    await using running = await startServer(`${dataDir}/${LOG}`, { LOG, WORKERS: "1" });
    const { url, printed } = running, secrets = await talkAbout(url);
    running.kill("SIGTERM");
    await running.ended;
    const written = printed.join("");
    for (const [what, secret] of Object.entries(secrets)) assert(!written.includes(secret), `${what}: ${written}`);
    if (LOG === "text") continue;
    const lines = written.trim().split("\n").map((line) => JSON.parse(line).message);
    assertEquals(lines, [
      `Hubbub is at ${url}`,
      "Audit",
      "Sign-in failed: wrong name or password",
      "Audit",
      "Hubbub stops",
      "Hubbub has stopped",
    ]);
  }
  await Deno.remove(dataDir, { recursive: true });
});

/** Talks, registers, signs in and fails to, and returns all that nobody else may know. */
async function talkAbout(url: string): Promise<Record<string, string>> {
  const post = (path: string, json: unknown, headers: HeadersInit = {}) =>
    fetch(url + path, { method: "POST", body: JSON.stringify(json), headers });
  const password = "staple in the meadow",
    wrong = "a wrong staple",
    email = "alice@mail.example",
    text = "meet at noon";
  const registered = await post("/api/auth/register", { username: "Alice", password, email });
  const { access_token: token } = await registered.json();
  const cookie = /hubbub_session=([^;]+)/.exec(registered.headers.getSetCookie().join())![1]!;
  await (await post("/api/auth/login", { username: "Alice", password: wrong })).body?.cancel();
  await (await post("/api/auth/login", { username: "Alice", password })).body?.cancel();
  await (await post("/api/chat/rooms/1/messages", { content: text }, { authorization: `Bearer ${token}` })).body
    ?.cancel();
  await (await post("/api/chat/rooms/1/messages", `{"content":"${text}`)).body?.cancel();
  const client = dial(`${url.replace("http", "ws")}/ws/chat/1?token=${token}`);
  await client.send({ type: "message", content: text }, { type: text }, `{"content":"${text}`);
  await client.until("error");
  await client.until("error");
  client.close();
  await client.closed;
  return { password, wrong, email, text, token, cookie };
}
