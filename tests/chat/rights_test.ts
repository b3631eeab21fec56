import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import type { Principal } from "@/lib/chat/policy.ts";
import type { Entry } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import { type Core, openCore } from "@/tests/chat/core.ts";

/** What an act was refused with, or whether it changed anything. */
async function outcome(act: () => Promise<unknown>, nothing = "done"): Promise<string> {
  try {
    return await act() === undefined ? nothing : "done";
  } catch (error) {
    if (error instanceof ChatError) return error.code;
    throw error;
  }
}

/** A private room with an owner, a moderator and a member. */
async function opened(core: Core, kind: "public" | "private" = "private") {
  const owner = await core.person("Owner"), moderator = await core.person("Moderator");
  const member = await core.person("Member");
  const room = await core.run("createRoom", owner, { name: "tea", description: "", kind });
  for (const [person, role] of [[moderator, "moderator"], [member, "member"]] as const) {
    await core.run("setRole", owner, { room: room.id, account: person.person.id, role });
  }
  return { owner, moderator, member, room: room.id };
}

async function entries(core: Core, room: number): Promise<readonly Entry[]> {
  return await core.log.read(room, 0, (await core.log.head(room))!.seq);
}

/** Two instances over one store. */
async function two(): Promise<Core[] & AsyncDisposable> {
  const directory = await Deno.makeTempDir(), where = `${directory}/store.sqlite`;
  const cores = [await openCore({ where }), await openCore({ where })];
  return Object.assign(cores, {
    async [Symbol.asyncDispose]() {
      for (const core of cores) await core[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  });
}

/** Every way in which a member changes something. */
function acts(core: Core, actor: Principal, room: number, id: number): (() => Promise<unknown>)[] {
  let count = 0;
  return [
    () => core.run("post", actor, { room, content: "hello" }),
    () => core.run("edit", actor, { id, content: `edit ${++count}` }),
    () => core.run("react", actor, { id, emoji: "👍", on: ++count % 2 === 0 }),
    () => core.run("pin", actor, { id, on: ++count % 2 === 0 }),
    () => core.run("joinRoom", actor, { room }),
    () => core.run("markRead", actor, { room, seq: 1 }),
  ];
}

for (
  const [what, forbid, allows] of [
    [
      "a ban",
      (core, { owner, member, room }) =>
        core.run("setRole", owner, { room, account: member.person.id, role: "banned" }),
      [],
    ],
    [
      "a removal",
      (core, { owner, member, room }) => core.run("setRole", owner, { room, account: member.person.id, role: null }),
      [],
    ],
    ["archiving", (core, { owner, room }) => core.run("updateRoom", owner, { room, patch: { archived: true } }), [
      "member",
      "read",
    ]],
    ["disabling the account", async (core, { member }) => {
      const admin = await core.person("Admin", { admin: true });
      await core.run("setDisabled", admin, { account: member.person.id, disabled: true });
    }, []],
    ["the end of the session", (core, { member }) => core.run("signOut", member, {}), []],
  ] as const satisfies readonly [
    string,
    (core: Core, scene: Awaited<ReturnType<typeof opened>>) => Promise<unknown>,
    readonly string[],
  ][]
) {
  Deno.test(`nothing that ${what} forbids commits after it, on any instance`, async () => {
    await using cores = await two();
    const [here, elsewhere] = cores, scene = await opened(here!), { member, room } = scene;
    const { post } = await here!.run("post", member, { room, content: "first" }), id = messageId(room, post.seq);
    // The other instance knows the room as it was.
    await elsewhere!.run("post", member, { room, content: "second" });
    let forbidden = false;
    const late: string[] = [];
    const busy = cores.flatMap((core) => acts(core, member, room, id)).map(async (act) => {
      for (let round = 0; round < 12; round++) {
        const wasForbidden = forbidden, came = await outcome(act, "unchanged");
        if (wasForbidden && came === "done") late.push(act.toString());
      }
    });
    await here!.run("post", member, { room, content: "third" });
    await forbid(here!, scene);
    const { seq } = (await here!.log.head(room))!;
    forbidden = true;
    await Promise.all(busy);
    // What was under way committed before it, or was refused.
    const after = (await entries(here!, room)).filter((entry) => entry.seq > seq && entry.by.id === member.person.id);
    const isLogged = what === "a ban" || what === "a removal" || what === "archiving";
    if (isLogged) assertEquals(after, []);
    const tolerated = allows.length > 0 ? /joinRoom|markRead/ : /^$/;
    assertEquals(late.filter((act) => !tolerated.test(act)), []);
  });
}

Deno.test("a moderator who was demoted on another instance bans no one", async () => {
  await using cores = await two();
  const [here, elsewhere] = cores, { owner, moderator, member, room } = await opened(here!);
  const ban = (core: Core) => core.run("setRole", moderator, { room, account: member.person.id, role: "banned" });
  await elsewhere!.run("post", moderator, { room, content: "known here as a moderator" });
  await here!.run("setRole", owner, { room, account: moderator.person.id, role: "member" });
  assertEquals((await assertRejects(() => ban(elsewhere!), ChatError)).code, "forbidden");
});

Deno.test("nothing commits to a room after its deletion", async () => {
  await using cores = await two();
  const [here, elsewhere] = cores, { owner, member, room } = await opened(here!);
  await elsewhere!.run("post", member, { room, content: "hello" });
  await here!.run("deleteRoom", owner, { room });
  for (const core of cores) {
    for (const act of acts(core, member, room, messageId(room, 1))) {
      assert(["room_not_found", "message_not_found"].includes(await outcome(act)));
    }
    assertEquals(await outcome(() => core.run("createInvite", owner, { room })), "room_not_found");
    assertEquals(await core.log.head(room), null);
  }
});

Deno.test("an owner who was demoted meanwhile deletes no room", async () => {
  await using core = await openCore();
  const { owner, moderator, room } = await opened(core);
  await core.run("setRole", owner, { room, account: moderator.person.id, role: "owner" });
  const [deleted, demoted] = await Promise.all([
    outcome(() => core.run("deleteRoom", moderator, { room })),
    outcome(() => core.run("setRole", owner, { room, account: moderator.person.id, role: "member" })),
  ]);
  // One of the two was first, and the other was refused for it.
  assert(deleted === "done" ? demoted === "room_not_found" : demoted === "done" && deleted === "forbidden");
});

Deno.test("of two owners who leave at once one stays, as long as others are there", async () => {
  for (let round = 0; round < 20; round++) {
    await using cores = await two();
    const [here] = cores, { owner, moderator, member, room } = await opened(here!);
    await here!.run("setRole", owner, { room, account: moderator.person.id, role: "owner" });
    const outcomes = await Promise.all(
      [owner, moderator].map((actor, index) => outcome(() => cores[index]!.run("leaveRoom", actor, { room }))),
    );
    assertEquals(outcomes.toSorted(), ["done", "invalid"]);
    const people = await here!.members.list((await here!.rooms.access(member, room))!);
    assertEquals(people.map(({ role }) => role), ["owner", "member"]);
  }
});

Deno.test("the last owner of a private room can't leave while someone comes in", async () => {
  await using core = await openCore();
  const owner = await core.person("Owner"), guest = await core.person("Guest");
  const { id: room } = await core.run("createRoom", owner, { name: "tea", description: "", kind: "private" });
  const { code } = await core.run("createInvite", owner, { room });
  const memberships = core.rooms.memberships.bind(core.rooms);
  core.rooms.memberships = async function* (room) {
    yield* memberships(room);
    core.rooms.memberships = memberships;
    await core.run("acceptInvite", guest, { code });
  };
  assertEquals(await outcome(() => core.run("leaveRoom", owner, { room })), "invalid");
  const roles = (await Array.fromAsync(memberships(room))).map(({ role }) => role).toSorted();
  assertEquals(roles, ["member", "owner"]);
});

Deno.test("an owner is found on time in a room where much is said", async () => {
  await using core = await openCore();
  const { owner, member, room } = await opened(core, "public");
  const busy = Array.from({ length: 300 }, (_, index) => core.run("post", member, { room, content: `${index}` }));
  assertEquals(await outcome(() => core.run("leaveRoom", owner, { room })), "invalid");
  await core.run("setRole", owner, { room, account: member.person.id, role: "owner" });
  assertEquals(await outcome(() => core.run("leaveRoom", owner, { room })), "done");
  await Promise.all(busy);
});

Deno.test("an invite is worth as much as its maker's rights now", async () => {
  await using core = await openCore();
  const { owner, moderator, member, room } = await opened(core), guest = await core.person("Guest");
  const { code } = await core.run("createInvite", moderator, { room });
  await core.run("setRole", owner, { room, account: moderator.person.id, role: "member" });
  assertEquals(await outcome(() => core.run("acceptInvite", guest, { code })), "not_found");
  assertEquals(await outcome(() => core.invites.find(code)), "not_found");
  assertEquals(await core.invites.list((await core.rooms.access(owner, room))!), []);
  await core.run("setRole", owner, { room, account: moderator.person.id, role: null });
  assertEquals(
    await outcome(() => core.run("acceptInvite", moderator, { code })),
    "not_found",
    "not for itself either",
  );
  const other = await core.run("createInvite", owner, { room });
  await core.run("acceptInvite", guest, { code: other.code });
  assertEquals((await core.members.of(room, guest.person.id))?.role, "member");
  assertEquals(await outcome(() => core.run("createInvite", member, { room })), "forbidden");
});

Deno.test("an invite for three lets three in, of twenty who follow it at once on two instances", async () => {
  await using cores = await two();
  const [here] = cores, { owner, room } = await opened(here!);
  const { code } = await here!.run("createInvite", owner, { room, uses: 3 });
  const people = await Promise.all(Array.from({ length: 20 }, (_, index) => here!.person(`p${index}`)));
  const outcomes = await Promise.all(
    people.map((actor, index) => outcome(() => cores[index % 2]!.run("acceptInvite", actor, { code }))),
  );
  assertEquals(outcomes.filter((came) => came === "done").length, 3);
  assertEquals((await here!.members.people(room)).length, 6);
});

Deno.test("an invite that is revoked while people follow it lets none in afterwards", async () => {
  await using core = await openCore();
  const { owner, room } = await opened(core);
  const { code } = await core.run("createInvite", owner, { room });
  const people = await Promise.all(Array.from({ length: 10 }, (_, index) => core.person(`p${index}`)));
  const busy = people.map((actor) => outcome(() => core.run("acceptInvite", actor, { code })));
  await core.run("revokeInvite", owner, { room, code });
  const { seq } = (await core.log.head(room))!;
  await Promise.all(busy);
  assertEquals((await core.log.head(room))!.seq, seq);
});

Deno.test("a guest deletes a room that no account owns, and no other", async () => {
  await using core = await openCore();
  const gus = core.guest("Gus"), admin = await core.person("Admin", { admin: true }), mia = await core.person("Mia");
  const { id: free } = await core.run("createRoom", gus, { name: "free", description: "" });
  const { id: owned } = await core.run("createRoom", gus, { name: "owned", description: "" });
  await core.run("setRole", admin, { room: owned, account: mia.person.id, role: "owner" });
  assertEquals(await outcome(() => core.run("updateRoom", gus, { room: owned, patch: { name: "mine" } })), "forbidden");
  assertEquals(await outcome(() => core.run("deleteRoom", gus, { room: owned })), "forbidden");
  await core.run("updateRoom", mia, { room: owned, patch: { description: "tea" } });
  assertEquals(await outcome(() => core.run("deleteRoom", gus, { room: owned })), "forbidden", "a change keeps that");
  assertEquals(await outcome(() => core.run("deleteRoom", gus, { room: free })), "done");
});

Deno.test("a token that can only read moves no read mark", async () => {
  await using core = await openCore();
  const mia = await core.person("Mia");
  await core.run("post", mia, { room: 1, content: "hello" });
  const reader = { ...mia, scopes: ["read"] as const };
  assertEquals(await outcome(() => core.run("markRead", reader, { room: 1, seq: 1 })), "forbidden");
});

Deno.test("someone who can't read a room doesn't get their message back by its nonce", async () => {
  await using core = await openCore();
  const { owner, member, room } = await opened(core);
  const post = () => core.run("post", member, { room, content: "hello", nonce: "n1" });
  await post();
  await core.run("setRole", owner, { room, account: member.person.id, role: null });
  assertEquals(await outcome(post), "room_not_found");
});

Deno.test("an account is deleted with its messages, also those in an archived room", async () => {
  await using core = await openCore();
  const { owner, member, room } = await opened(core);
  const { post } = await core.run("post", member, { room, content: "mine" });
  await core.run("updateRoom", owner, { room, patch: { archived: true } });
  assertEquals(await outcome(() => core.messages.delete(member, messageId(room, post.seq))), "room_archived");
  await core.messages.deleteOwn(member, messageId(room, post.seq));
  assertEquals(await core.log.post(room, post.seq), null);
});
