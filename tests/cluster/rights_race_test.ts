import { assertEquals } from "@std/assert";
import type { Principal } from "@/lib/chat/policy.ts";
import type { Session } from "@/lib/model/account.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { Core } from "@/tests/chat/core.ts";
import {
  type Effect,
  PASSWORD,
  RaceTrack,
  type Revocation,
  type Scene,
  type Verb,
} from "@/tests/cluster/rights_race.ts";

const RACES = 200;

/** An entry of the scene's room by the actor. */
function byActor(effect: Effect, { room, actor }: Scene): StoredEntry | undefined {
  return "entry" in effect && effect.room === room && effect.entry.by.id === actor.person.id ? effect.entry : undefined;
}

/** Whether a key was set, or removed where `value` is undefined. */
function at(effect: Effect, ...key: Deno.KvKey): boolean {
  return "key" in effect && effect.key.join("/") === key.join("/");
}

function isSet(effect: Effect, ...key: Deno.KvKey): boolean {
  return at(effect, ...key) && "value" in effect && effect.value !== undefined;
}

function isRemoved(effect: Effect, ...key: Deno.KvKey): boolean {
  return at(effect, ...key) && "value" in effect && effect.value === undefined;
}

/** The session of the actor's account that was written, where it counts. */
function sessionOf(effect: Effect, { person: { id } }: Principal): Session | undefined {
  if (!("key" in effect) || effect.key[0] !== "session" || effect.value === undefined) return undefined;
  const session = keys.session.schema.parse(effect.value);
  return session.account === id && session.generation === effect.generation ? session : undefined;
}

function makes(type: StoredEntry["type"]): Verb["isEffect"] {
  return (effect, scene) => byActor(effect, scene)?.type === type;
}

const VERBS = {
  post: {
    role: "member",
    run: ({ here, actor, room }, n) => here.run("post", actor, { room, content: `raced ${n}` }),
    isEffect: makes("post"),
  },
  edit: {
    role: "member",
    needs: "own messages",
    run: ({ here, actor, messages }, n) => here.run("edit", actor, { id: messages[n]!, content: "raced" }),
    isEffect: makes("edit"),
  },
  delete: {
    role: "member",
    needs: "own messages",
    run: ({ here, actor, messages }, n) => here.run("delete", actor, { id: messages[n]! }),
    isEffect: makes("delete"),
  },
  "delete as moderator": {
    role: "moderator",
    needs: "messages",
    run: ({ here, actor, messages }, n) => here.run("delete", actor, { id: messages[n]! }),
    isEffect: makes("delete"),
  },
  react: {
    role: "member",
    needs: "messages",
    run: ({ here, actor, messages }, n) => here.run("react", actor, { id: messages[n]!, emoji: "👍", on: true }),
    isEffect: makes("react"),
  },
  pin: {
    role: "member",
    needs: "messages",
    run: ({ here, actor, messages }, n) => here.run("pin", actor, { id: messages[n]!, on: true }),
    isEffect: makes("pin"),
  },
  "mark as read": {
    role: "member",
    needs: "messages",
    run: ({ here, actor, room }, n) => here.run("markRead", actor, { room, seq: n + 1 }),
    isEffect: (effect, { actor, room }) => isSet(effect, "read", actor.person.id, room),
  },
  "update the room": {
    role: "moderator",
    run: ({ here, actor, room }, n) => here.run("updateRoom", actor, { room, patch: { description: `raced ${n}` } }),
    isEffect: makes("room"),
  },
  "delete the room": {
    role: "owner",
    run: ({ here, actor, room }) => here.run("deleteRoom", actor, { room }),
    isEffect: (effect, { room }) => isRemoved(effect, "room", room),
  },
  "set a role": {
    role: "moderator",
    run: ({ here, actor, room, other }, n) =>
      here.run("setRole", actor, { room, account: other.person.id, role: n % 2 === 0 ? "banned" : null }),
    isEffect: makes("member"),
  },
  join: {
    role: null,
    run: ({ here, actor, room }) => here.run("joinRoom", actor, { room }),
    isEffect: makes("member"),
  },
  leave: {
    role: "member",
    run: ({ here, actor, room }) => here.run("leaveRoom", actor, { room }),
    isEffect: makes("member"),
  },
  "create an invite": {
    role: "moderator",
    isPrivate: true,
    run: ({ here, actor, room }) => here.run("createInvite", actor, { room }),
    isEffect: (effect, { actor }) =>
      "key" in effect && effect.key[0] === "invite" && JSON.stringify(effect.value ?? "").includes(actor.person.id),
  },
  "revoke an invite": {
    role: "moderator",
    needs: "invites",
    isPrivate: true,
    run: ({ here, actor, room, invites }, n) => here.run("revokeInvite", actor, { room, code: invites[n]! }),
    isEffect: (effect, { invites }) => invites.some((code) => isRemoved(effect, "invite", code)),
  },
  "accept an invite": {
    role: null,
    needs: "invites",
    isPrivate: true,
    run: ({ here, actor, invites }) => here.run("acceptInvite", actor, { code: invites[0]! }),
    isEffect: makes("member"),
  },
  "update the profile": {
    role: "member",
    run: ({ here, actor }) => here.run("updateProfile", actor, { about: actor.session! }),
    isEffect: (effect, { actor }) =>
      isSet(effect, "account", actor.person.id) && JSON.stringify(effect).includes(actor.session!),
  },
  "create a token": {
    role: "member",
    run: ({ here, actor }) => here.run("createToken", actor, { label: "raced", scopes: null }),
    isEffect: (effect, { actor }) => sessionOf(effect, actor)?.kind === "token",
  },
  "sign in": {
    role: "member",
    run: ({ here, actor }) => here.run("signIn", null, { name: actor.person.name, password: PASSWORD, label: "raced" }),
    isEffect: (effect, { actor }) => sessionOf(effect, actor)?.label === "raced",
  },
  "use the session": {
    role: "member",
    run: ({ here, actor }) => here.sessions.resolve(actor.session!),
    isEffect: (effect, { actor }) => sessionOf(effect, actor)?.id === actor.session,
  },
  "create a room": {
    role: "member",
    run: ({ here, actor }) => here.run("createRoom", actor, { name: crypto.randomUUID(), description: actor.session! }),
    isEffect: (effect, { actor }) =>
      "key" in effect && effect.key[0] === "room" && JSON.stringify(effect.value ?? "").includes(actor.session!),
  },
} as const satisfies Record<string, Verb>;

function becomes(role: "banned" | "member"): Revocation {
  return {
    run: ({ there, owner, actor, room }) => there.run("setRole", owner, { room, account: actor.person.id, role }),
    isEffect: (effect, { room, owner, actor }) =>
      "entry" in effect && effect.room === room && effect.entry.type === "member" &&
      effect.entry.by.id === owner.person.id && effect.entry.member.id === actor.person.id,
  };
}

function ends(run: Revocation["run"]): Revocation {
  return {
    ends: "sessions",
    run,
    isEffect: (effect, { actor }) => isSet(effect, "account", actor.person.id) && effect.generation > 0,
  };
}

const REVOCATIONS = {
  "a ban": becomes("banned"),
  "a demotion": becomes("member"),
  "an archiving": {
    run: ({ there, owner, room }) => there.run("updateRoom", owner, { room, patch: { archived: true } }),
    isEffect: (effect, { room, owner }) =>
      "entry" in effect && effect.room === room && effect.entry.type === "room" &&
      effect.entry.by.id === owner.person.id,
  },
  "a deletion of the room": {
    ends: "room",
    run: ({ there, owner, room }) => there.run("deleteRoom", owner, { room }),
    isEffect: (effect, { room }) => isRemoved(effect, "room", room),
  },
  "a revoked invite": {
    run: ({ there, owner, room, invites }) => there.run("revokeInvite", owner, { room, code: invites[0]! }),
    isEffect: (effect, { invites }) => isRemoved(effect, "invite", invites[0]!),
  },
  "a new password": ends(({ there, keeper }) =>
    there.run("changePassword", keeper, { oldPassword: PASSWORD, password: PASSWORD })
  ),
  "the end of other sessions": ends(({ there, keeper }) => there.run("endOtherSessions", keeper, {})),
  "the end of the session": {
    ends: "sessions",
    run: ({ there, keeper, actor }) => there.run("endSession", keeper, { id: actor.session! }),
    isEffect: (effect, { actor }) => isRemoved(effect, "session", actor.session!),
  },
  "a disabled account": ends(({ there, admin, actor }) =>
    there.run("setDisabled", admin, { account: actor.person.id, disabled: true })
  ),
} as const satisfies Record<string, Revocation>;

type VerbName = keyof typeof VERBS;
type RevocationName = keyof typeof REVOCATIONS;

const OF_MEMBERS: readonly VerbName[] = ["post", "edit", "delete", "react", "pin", "mark as read"];
const OF_MODERATORS: readonly VerbName[] = [
  "delete as moderator",
  "update the room",
  "set a role",
  "create an invite",
  "revoke an invite",
];
const IN_ROOMS: readonly VerbName[] = [...OF_MEMBERS, ...OF_MODERATORS, "join", "leave", "accept an invite"];
const OF_ACCOUNTS: readonly VerbName[] = ["update the profile", "create a token", "use the session"];

/** Which rights each revocation takes away. */
const TAKEN: readonly (readonly [RevocationName, readonly VerbName[]])[] = [
  ["a ban", IN_ROOMS],
  ["a demotion", [...OF_MODERATORS, "delete the room"]],
  ["an archiving", ["post", "edit", "delete", "react", "pin"]],
  ["a deletion of the room", [...OF_MEMBERS, "set a role", "create an invite", "join", "accept an invite"]],
  ["a revoked invite", ["accept an invite"]],
  // One entry of a log stands for all: they check the session in the same way.
  ["a new password", ["post", "mark as read", "create an invite", "accept an invite", "create a room", ...OF_ACCOUNTS]],
  ["the end of other sessions", ["post", ...OF_ACCOUNTS]],
  ["the end of the session", ["post", ...OF_ACCOUNTS]],
  ["a disabled account", ["post", "mark as read", ...OF_ACCOUNTS, "sign in"]],
];

for (const [revocation, verbs] of TAKEN) {
  Deno.test(`nothing that ${revocation} forbids takes effect after it`, async (t) => {
    await using track = await RaceTrack.open();
    for (const verb of verbs) {
      await t.step(verb, async () => {
        assertEquals(await track.race(VERBS[verb], REVOCATIONS[revocation], RACES), []);
      });
    }
  });
}

Deno.test("a room keeps an owner when its two owners leave, or remove each other, at once", async (t) => {
  await using track = await RaceTrack.open();
  await t.step("leave", async () => {
    assertOneStays(await track.raceOwners((core, own, room) => core.run("leaveRoom", own, { room }), RACES));
  });
  for (const role of ["banned", "member", null] as const) {
    await t.step(role === null ? "remove" : `make ${role}`, async () => {
      const run = (core: Core, own: Principal, room: number, { person: { id: account } }: Principal) =>
        core.run("setRole", own, { room, account, role });
      assertOneStays(await track.raceOwners(run, RACES));
    });
  }
});

/** One of two owners is gone, and never both. */
function assertOneStays(owners: readonly number[]): void {
  assertEquals(Math.min(...owners), 1);
}
