import { assertEquals, assertRejects } from "@std/assert";
import { ATTEMPTS_MAX } from "@/lib/chat/credentials.ts";
import { networkOf } from "@/lib/chat/rate_limiter.ts";
import { LIMITS } from "@/lib/config.ts";
import { ChatError } from "@/lib/errors.ts";
import { openCore } from "@/tests/chat/core.ts";

const FEW = { perSecond: 0.001, burst: 2 };

/** Calls until it's refused, at most 100 times, and returns how often it went well. */
async function untilRefused(call: () => Promise<unknown>): Promise<number> {
  for (let count = 0; count < 100; count++) {
    try {
      await call();
    } catch (error) {
      if (error instanceof ChatError && error.code === "rate_limited") return count;
      throw error;
    }
  }
  return 100;
}

Deno.test("a person's limit counts whatever address they use", async () => {
  await using core = await openCore({ limits: { ...LIMITS, post: FEW } });
  const mia = await core.person("Mia"), zoe = await core.person("Zoe");
  let address = 0;
  const post = (actor: typeof mia) =>
    core.gate.execute("post", { actor, address: `192.0.2.${++address}` }, { room: 1, content: "hi" });
  assertEquals(await untilRefused(() => post(mia)), 2);
  assertEquals(await untilRefused(() => post(zoe)), 2);
});

Deno.test("edits and reactions count against the same limit as posts", async () => {
  await using core = await openCore({ limits: { ...LIMITS, post: FEW } });
  const mia = await core.person("Mia");
  const { post } = await core.run("post", mia, { room: 1, content: "hi" }), id = 2 ** 32 + post.seq;
  await core.run("edit", mia, { id, content: "hello" });
  const error = await assertRejects(() => core.run("react", mia, { id, emoji: "👍", on: true }), ChatError);
  assertEquals(error.code, "rate_limited");
});

Deno.test("new guests of one address share a limit for every kind of command", async () => {
  await using core = await openCore({ limits: { ...LIMITS, create: FEW } });
  let count = 0;
  const create = (address: string) => () =>
    core.gate.execute("createRoom", { actor: core.guest(`g${++count}`), address }, {
      name: `room ${count}`,
      description: "",
    });
  assertEquals(await untilRefused(create("192.0.2.1")), 20);
  assertEquals(await untilRefused(create("192.0.2.2")), 20);
});

Deno.test("nothing is limited where there are no limits", async () => {
  await using core = await openCore();
  assertEquals(await untilRefused(() => core.run("becomeGuest", null, { name: "Mia" })), 100);
});

Deno.test("an audit line has ids, and no name, text or secret", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia"), lines: string[] = [], write = console.log;
  console.log = (line: string) => void lines.push(line);
  try {
    const { id } = await core.run("createRoom", mia, { name: "tea time", description: "secret words" });
    await core.run("post", mia, { room: id, content: "secret words" });
    await core.run("createToken", mia, { label: "my token", scopes: null });
    await core.run("deleteRoom", mia, { room: id });
  } finally {
    console.log = write;
  }
  assertEquals(lines.map((line) => /command=(\w+)/.exec(line)?.[1]), ["createRoom", "createToken", "deleteRoom"]);
  for (const line of lines) {
    assertEquals(line.includes(mia.person.id), true);
    assertEquals(/tea time|secret words|my token|Mia/.test(line), false);
  }
});

Deno.test("sign-ins count per address, and all of a /64 are one", async () => {
  await using core = await openCore({ limits: { ...LIMITS, signIn: FEW } });
  let name = 0;
  const signIn = (address: string) =>
    core.gate.execute("signIn", { actor: null, address }, { name: `n${++name}`, password: "wrong", label: "x" });
  const failed = (address: string) => async () =>
    assertEquals((await assertRejects(() => signIn(address), ChatError)).code, "sign_in");
  await failed("2001:db8::1")();
  await failed("2001:db8:0:0:5:6:7:8")();
  assertEquals((await assertRejects(() => signIn("2001:db8::2:1"), ChatError)).code, "rate_limited");
  await failed("2001:db8:0:1::1")();
  await failed("192.0.2.1")();
});

Deno.test("wrong passwords from the addresses of one /64 count together", async () => {
  await using core = await openCore({ limits: { ...LIMITS, signIn: { perSecond: 1_000, burst: 1_000 } } });
  const codes: string[] = [];
  for (let index = 0; index < ATTEMPTS_MAX + 1; index++) {
    const caller = { actor: null, address: `2001:db8::${index + 1}` };
    const act = () => core.gate.execute("signIn", caller, { name: "mia", password: "wrong", label: "x" });
    codes.push((await assertRejects(act, ChatError)).code);
  }
  assertEquals(codes, [...Array(ATTEMPTS_MAX).fill("sign_in"), "rate_limited"]);
});

Deno.test("a network is an IPv4 address, or the /64 of an IPv6 address", () => {
  for (
    const [address, network] of [
      ["192.0.2.1", "192.0.2.1"],
      ["2001:db8::1", "2001:db8:0:0"],
      ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
      ["::1", "0:0:0:0"],
      ["fe80::", "fe80:0:0:0"],
      ["1::2:3:4:5:6", "1:0:0:2"],
    ] as const
  ) assertEquals(networkOf(address), network);
});
