import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { hashPassword } from "@/lib/chat/passwords.ts";
import { sessionId, SESSIONS_MAX, TOKENS_MAX } from "@/lib/chat/sessions.ts";
import type { Account } from "@/lib/model/account.ts";
import { put } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Principal } from "@/lib/chat/policy.ts";
import { type Core, openCore } from "@/tests/chat/core.ts";

const OLD = "a very long walk", NEW = "a much longer walk";
const hash = hashPassword(OLD);
const HOUR = 3_600_000;

/** An account with a password, signed in, with so many sessions beside that one. */
async function withSessions(core: Core, count: number): Promise<{ actor: Principal; others: string[] }> {
  const actor = await core.person("Mia"), account = actor.person.id;
  const rows = Array.from({ length: count }, (_, index) => ({
    id: sessionId(`secret ${index}`),
    account,
    kind: "browser" as const,
    label: "old",
    scopes: null,
    createdAt: index,
    seenAt: Date.now() + index,
    expiresAt: Date.now() + 30 * 24 * HOUR,
    generation: 0,
  }));
  await core.store.write([
    put(keys.password(account), await hash),
    ...rows.flatMap((row) => [put(keys.session(row.id), row), put(keys.sessionOf(account, row.id), true)]),
  ]);
  return { actor, others: rows.map(({ id }) => id) };
}

/** The largest commit while something is done. */
async function largestCommit(core: Core, act: () => Promise<unknown>): Promise<number> {
  const commit = core.store.commit.bind(core.store);
  let largest = 0;
  core.store.commit = (checks, mutations) => {
    // The rows that don't count any more are removed later, unchecked.
    if (checks.length > 0) largest = Math.max(largest, mutations.length);
    return commit(checks, mutations);
  };
  await act();
  core.store.commit = commit;
  return largest;
}

async function counting(core: Core, ids: readonly string[]): Promise<number> {
  const found = await Promise.all(ids.map((id) => core.sessions.resolve(id)));
  return found.filter((session) => session !== null).length;
}

for (
  const [what, act, keepsOwn] of [
    [
      "changes its password",
      (core, actor) => core.run("changePassword", actor, { oldPassword: OLD, password: NEW }),
      true,
    ],
    ["ends its other sessions", (core, actor) => core.run("endOtherSessions", actor, {}), true],
    ["deletes itself", (core, actor) => core.run("deleteAccount", actor, { password: OLD, messages: false }), false],
    ["is disabled", async (core, actor) => {
      const admin = await core.person("Ada", { admin: true });
      await core.run("setDisabled", admin, { account: actor.person.id, disabled: true });
    }, false],
  ] as const satisfies readonly [string, (core: Core, actor: Principal) => Promise<unknown>, boolean][]
) {
  Deno.test(`an account with 1,000 sessions ${what} in small commits, and they end at once`, async () => {
    await using core = await openCore();
    const { actor, others } = await withSessions(core, 1_000);
    const { token } = await core.tokens.sign({ account: actor.person.id, session: others[0]! });
    assertEquals(await counting(core, others), 1_000);
    assert(await largestCommit(core, () => act(core, actor)) < 10);
    assertEquals(await counting(core, others), 0);
    assertEquals(await core.sessions.resolve((await core.tokens.verify(token)).session), null);
    assertEquals(await core.sessions.resolve(actor.session!) !== null, keepsOwn);
    await core.jobs.idle();
    const rows = await Array.fromAsync(core.store.list(keys.sessionOf.under(actor.person.id)));
    assertEquals(rows.length, keepsOwn ? 1 : 0);
  });
}

Deno.test("enabling an account again doesn't bring its sessions back", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia"), admin = await core.person("Ada", { admin: true });
  for (const disabled of [true, false]) await core.run("setDisabled", admin, { account: mia.person.id, disabled });
  assertEquals(await core.sessions.resolve(mia.session!), null);
});

Deno.test("a sign-in that was under way when the password changed is refused", async () => {
  await using core = await openCore();
  const { actor } = await withSessions(core, 0);
  const checked = await core.credentials.check("Mia", OLD, undefined);
  await core.run("changePassword", actor, { oldPassword: OLD, password: NEW });
  for (const open of ["open", "openProgram"] as const) {
    const error = await assertRejects(() => core.signIns[open](checked, "late"), ChatError);
    assertEquals(error.code, "sign_in");
  }
  assertEquals((await core.sessions.list(actor.person.id)).map(({ label }) => label), ["a test"]);
});

Deno.test("a new password ends a program's session too: it's shared by all who knew the old one", async () => {
  await using core = await openCore();
  const { actor } = await withSessions(core, 0);
  const { token } = await core.run("signInProgram", null, { name: "Mia", password: OLD, label: "bot/1" });
  const { session } = await core.tokens.verify(token), bot = (await core.sessions.resolve(session))!.identity;
  await core.run("changePassword", bot, { oldPassword: OLD, password: NEW });
  assertEquals(await counting(core, [session, actor.session!]), 0);
});

Deno.test("of two password changes at once with the same old password one is made", async () => {
  await using core = await openCore();
  const { actor } = await withSessions(core, 0);
  const outcomes = await Promise.allSettled(
    [NEW, `${NEW} still`].map((password) => core.run("changePassword", actor, { oldPassword: OLD, password })),
  );
  assertEquals(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("a session that is used while it is ended doesn't live on", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia"), account = (await core.accounts.get(mia.person.id))!;
  for (let round = 0; round < 200; round++) {
    const { session } = await core.sessions.open(account, "idle");
    const idle = { ...session, seenAt: Date.now() - 2 * HOUR };
    await core.store.commit([], [put(keys.session(session.id), idle)]);
    await Promise.all([
      core.sessions.resolve(session.id),
      core.sessions.end(mia, session.id),
      core.sessions.resolve(session.id),
    ]);
    assertEquals(await core.sessions.resolve(session.id), null, `round ${round}`);
  }
  assertEquals((await core.sessions.list(mia.person.id)).length, 1);
});

Deno.test("what is done with a session that has ended is refused at its commit", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia");
  await core.sessions.signOut(mia);
  for (
    const act of [
      () => core.run("updateProfile", mia, { about: "hello" }),
      () => core.run("createToken", mia, { label: "late", scopes: null }),
      () => core.run("endSession", mia, { id: mia.session! }),
    ]
  ) assertEquals((await assertRejects(act, ChatError)).code, "sign_in");
  assertEquals((await core.accounts.get(mia.person.id))!.about, "");
});

Deno.test("what an admin does who no longer is one is refused at its commit", async () => {
  await using core = await openCore();
  const ada = await core.person("Ada", { admin: true }), bea = await core.person("Bea", { admin: true });
  const mia = await core.person("Mia");
  await core.run("setAdmin", bea, { account: ada.person.id, admin: false });
  const act = () => core.run("setDisabled", ada, { account: mia.person.id, disabled: true });
  assertEquals((await assertRejects(act, ChatError)).code, "forbidden");
});

Deno.test("an account keeps its newest sessions", async () => {
  await using core = await openCore();
  const { actor, others } = await withSessions(core, SESSIONS_MAX + 50);
  const account = (await core.accounts.get(actor.person.id))!;
  const { session } = await core.sessions.open(account, "new");
  const left = await core.sessions.list(account.id);
  assertEquals(left.length, SESSIONS_MAX);
  assert(left.some(({ id }) => id === session.id));
  assertEquals(await counting(core, others.slice(0, 50)), 0, "the ones unused for longest went");
});

Deno.test("a program that signs in again has the session that it had", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia"), account = (await core.accounts.get(mia.person.id))!;
  const tokens: string[] = [];
  for (const label of ["bot/1", "bot/1", "bot/2"]) {
    tokens.push((await core.signIns.openProgram(account, label)).token);
  }
  const sessions = await Promise.all(tokens.map(async (token) => (await core.tokens.verify(token)).session));
  assertEquals([sessions[0] === sessions[1], sessions[0] === sessions[2]], [true, false]);
  await core.sessions.end(mia, sessions[0]!);
  assertEquals(await core.sessions.resolve(sessions[1]!), null);
  const { session } = await core.tokens.verify((await core.signIns.openProgram(account, "bot/1")).token);
  assert(session !== sessions[0], "an old token doesn't come back with the next sign-in");
});

Deno.test("an account has at most 100 tokens, however many are created at once", async () => {
  await using core = await openCore();
  const { actor, others } = await withSessions(core, TOKENS_MAX - 3);
  for (const id of others) {
    await core.store.update(
      keys.session(id),
      (session) => session && { value: { ...session, kind: "token" as const } },
    );
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => core.run("createToken", actor, { label: "bot", scopes: null })),
  );
  assertEquals(outcomes.filter(({ status }) => status === "fulfilled").length, 3);
});

Deno.test("a record from before generations counts as the first", () => {
  const { generation: _, ...old } = { id: "1", name: "Mia" } as Partial<Account>;
  const parsed = keys.account("1").schema.parse({
    email: null,
    about: "",
    avatar: null,
    admin: false,
    disabled: false,
    createdAt: 0,
    ...old,
  });
  assertEquals(parsed.generation, 0);
});
