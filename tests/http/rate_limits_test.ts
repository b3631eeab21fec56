import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "@/lib/config.ts";
import { serve, type TestServer } from "@/tests/server.ts";

/** Asks until it is refused. Returns how often it was not, and the refusal. */
async function untilRefused(most: number, ask: () => Promise<Response>): Promise<{ done: number; refused: Response }> {
  for (let done = 0; done <= most; done++) {
    const response = await ask();
    if (response.status === 429) return { done, refused: response };
    await response.body?.cancel();
  }
  throw new Error(`Nothing was refused in ${most} tries`);
}

async function assertSaysWhen(refused: Response): Promise<void> {
  const problem = await refused.json();
  assertEquals(refused.headers.get("content-type"), "application/problem+json");
  assertEquals(problem.code, "rate_limited");
  assert(Number(refused.headers.get("retry-after")) >= 1);
  assert(problem.retry_after > 0);
}

const limited = () =>
  serve({ limits: { ...LIMITS, create: { perSecond: 0.1, burst: 3 }, join: { perSecond: 0.1, burst: 3 } } });

Deno.test("whoever posts too fast is told to wait, and the others are not", async () => {
  await using server = await limited();
  const mia = await server.person("Mia"), sam = await server.person("Sam");
  const say = (who: { headers: Record<string, string> }) =>
    server.fetch("/api/chat/rooms/1/messages", { method: "POST", json: { content: "hi" }, headers: who.headers });
  const { done, refused } = await untilRefused(200, () => say(mia));
  assert(done >= LIMITS.post.burst, `${done} went through`);
  await assertSaysWhen(refused);
  const other = await say(sam);
  await other.body?.cancel();
  assertEquals(other.status, 201);
});

Deno.test("a socket that sends too fast gets error frames, stays, and stores no more", async () => {
  await using server = await limited();
  const ada = await server.join("Ada");
  await ada.send(
    ...Array.from({ length: 100 }, (_, index) => ({ type: "message", content: `${index}`, nonce: `n${index}` })),
  );
  let stored = 0, refused = 0;
  while (stored + refused < 100) {
    const frame = await ada.next();
    if (frame.type === "message") stored++;
    if (frame.type !== "error") continue;
    refused++;
    assertEquals(frame.code, "rate_limited");
    assert(typeof frame.retry_after === "number" && typeof frame.nonce === "string");
  }
  assert(stored >= LIMITS.post.burst && refused > 0, `${stored} were stored, ${refused} refused`);
  await ada.send({ type: "ping" });
  await ada.until("pong");
  const history = await (await server.fetch("/api/chat/rooms/1/messages?limit=200")).json();
  assertEquals(history.length, stored);
});

Deno.test("whoever types without end is told to wait", async () => {
  await using server = await limited();
  const ada = await server.join("Ada");
  await ada.send(...Array.from({ length: 200 }, (_, index) => ({ type: "typing", is_typing: index % 2 === 0 })));
  assertEquals((await ada.until("error")).code, "rate_limited");
});

Deno.test("rooms, members and invitations are not made without end", async () => {
  await using server = await limited();
  const mia = await server.person("Mia");
  let room = 0;
  const { done, refused } = await untilRefused(
    10,
    () => server.fetch("/api/chat/rooms", { method: "POST", json: { name: `room ${++room}` }, headers: mia.headers }),
  );
  assertEquals(done, 3);
  await assertSaysWhen(refused);
});

Deno.test("sockets are not opened without end, and who is refused is told so", async () => {
  await using server = await limited();
  for (let count = 0; count < 3; count++) await server.join(`Guest ${count}`);
  const late = server.socket("/ws/chat/1");
  await late.send({ username: "Late" });
  const frame = await late.next();
  assertEquals([frame.type, frame.code], ["error", "rate_limited"]);
  assertEquals((await late.closed).code, 4429);
});

Deno.test("the address that counts is the peer's, unless a trusted proxy names another", async (t) => {
  const join = async (server: TestServer, address: string) => {
    const client = server.socket("/ws/chat/1?username=Ada", { headers: { "x-forwarded-for": address } });
    const first = await client.next();
    client.close();
    return first.type === "connected" ? "in" : first.code;
  };
  const limits = { ...LIMITS, join: { perSecond: 0.1, burst: 1 } };
  await t.step("a header from anybody is not believed", async () => {
    await using server = await serve({ limits });
    assertEquals([await join(server, "10.0.0.1"), await join(server, "10.0.0.2")], ["in", "rate_limited"]);
  });
  await t.step("one from a proxy is", async () => {
    await using server = await serve({ limits, trustedProxies: ["127.0.0.0/8"] });
    assertEquals([await join(server, "10.0.0.1"), await join(server, "10.0.0.2")], ["in", "in"]);
    assertEquals(await join(server, "10.0.0.1"), "rate_limited");
  });
});
