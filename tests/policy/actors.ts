import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageId } from "@/lib/model/message.ts";
import { asGuest, type Principal } from "@/lib/chat/policy.ts";
import { AccessTokens } from "@/lib/chat/access_tokens.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import { changeAccount } from "@/tests/people.ts";

/** Kinds of actors, in the order of the tables' columns. */
export const ACTORS = [
  "nobody",
  "guest",
  "stranger",
  "member",
  "moderator",
  "owner",
  "admin",
  "banned",
  "disabled",
  "expired",
  "forged",
] as const;

/** One kind of actor. */
export type ActorKind = typeof ACTORS[number];

/** A server, an account of each kind of actor, and their tokens. */
export interface Cast extends AsyncDisposable {
  readonly server: TestServer;
  readonly people: Readonly<Record<"stranger" | "member" | "moderator" | "owner" | "admin" | "banned", TestPerson>>;
  /** The token of each kind of actor; undefined for "nobody". */
  readonly tokens: Readonly<Record<ActorKind, string | undefined>>;
  /** Makes a room of a kind with everyone in their role, and a message of the member's in it. */
  room(kind: Room["kind"]): Promise<Scene>;
}

/** A room, and what is in it. */
export interface Scene {
  readonly room: number;
  /** Id of a message by the member. */
  readonly message: number;
  readonly invite: string;
}

const HOURS_AGO = 3 * 3600 * 1000;

/** Opens a server with all of them. */
export async function openCast(): Promise<Cast> {
  const server = await serve(), { chat } = server;
  const named = (name: string, account = {}) => server.person(name, account);
  const people = {
    stranger: await named("Stranger"),
    member: await named("Member"),
    moderator: await named("Moderator"),
    owner: await named("Owner"),
    admin: await named("Admin", { admin: true }),
    banned: await named("Banned"),
  };
  const disabled = await named("Disabled");
  await changeAccount(chat.store, disabled.id, { disabled: true });
  const past = await AccessTokens.open(chat.store, 3600, () => Date.now() - HOURS_AGO);
  const session = (await chat.sessions.list(people.owner.id))[0]!.id;
  const { token: expired } = await past.sign({ account: people.owner.id, session });
  const [, claims] = people.owner.token.split(".");
  const header = btoa('{"alg":"none","typ":"JWT"}').replaceAll("=", "");
  return {
    server,
    people,
    tokens: {
      nobody: undefined,
      guest: chat.guests.issue("Guest").token,
      stranger: people.stranger.token,
      member: people.member.token,
      moderator: people.moderator.token,
      owner: people.owner.token,
      admin: people.admin.token,
      banned: people.banned.token,
      disabled: disabled.token,
      expired,
      forged: `${header}.${claims}.`,
    },
    room: (kind) => scene(server, people, kind),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** An account without a session. */
function identity({ id, name }: TestPerson): Principal {
  return asGuest({ id, name, guest: false });
}

async function scene({ chat }: TestServer, people: Cast["people"], kind: Room["kind"]): Promise<Scene> {
  const { owner, member, moderator, banned } = people;
  const person = ({ id, name }: TestPerson): Person => ({ id, name, guest: false });
  const name = crypto.randomUUID();
  const room = kind === "direct"
    ? (await chat.rooms.direct(identity(owner), person(member))).room
    : await chat.rooms.create(identity(owner), { name, description: "", kind });
  if (kind !== "direct") {
    for (const [who, role] of [[member, "member"], [moderator, "moderator"], [banned, "banned"]] as const) {
      await chat.members.setRole(identity(owner), room.id, person(who), role);
    }
  }
  const said = await chat.messages.post(identity(member), room.id, { content: "said" });
  const invite = kind === "direct" ? "none" : (await chat.invites.create(identity(owner), room.id, {})).code;
  return { room: room.id, message: messageId(room.id, said.post.seq), invite };
}
