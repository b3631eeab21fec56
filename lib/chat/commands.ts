/**
 * The commands: everything that people and programs can change, whatever the way in. Each says what it counts against,
 * whether it leaves an audit line, and what it does. Inputs are parsed already, and name rooms and messages by id.
 * @module
 */
import type { Accounts, NewAccount, Profile } from "@/lib/chat/accounts.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import type { Files } from "@/lib/chat/files.ts";
import type { Guests } from "@/lib/chat/guests.ts";
import type { Invites, InviteTerms } from "@/lib/chat/invites.ts";
import type { Members } from "@/lib/chat/members.ts";
import type { Messages, NewPost } from "@/lib/chat/messages.ts";
import { type Actor, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import type { OwnData } from "@/lib/chat/own_data.ts";
import type { LimitKind } from "@/lib/chat/rate_limiter.ts";
import type { Reads } from "@/lib/chat/reads.ts";
import type { NewRoom, RoomPatch, Rooms } from "@/lib/chat/rooms.ts";
import type { NewToken, Sessions } from "@/lib/chat/sessions.ts";
import type { SignIns } from "@/lib/chat/sign_ins.ts";
import type { Fields } from "@/lib/logger.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Status } from "@/lib/model/person.ts";

/** Who executes a command, and where from. */
export interface Caller {
  readonly actor: Actor;
  /** The client's address. */
  readonly address: string;
}

/** The parts of the core that commands call. */
export interface CommandSources {
  readonly policy: Policy;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly invites: Invites;
  readonly messages: Messages;
  readonly reads: Reads;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly signIns: SignIns;
  readonly files: Files;
  readonly guests: Guests;
  readonly ownData: OwnData;
}

/** A command. */
export interface Command<Input, Result> {
  /** What it counts against. */
  readonly limits: readonly LimitKind[];
  /** Does it. Throws {@link ChatError} to refuse. */
  run(chat: CommandSources, actor: Actor, input: Input, address: string): Result | Promise<Result>;
  /** Ids of what it was done to, for the audit line; absent where it leaves none. */
  readonly audit?: ((input: Input, result: Result) => Fields) | undefined;
}

/** Input of a command without any. */
export type NoInput = Readonly<Record<string, never>>;
/** A room by its id. */
type InRoom = { readonly room: number };
/** A message by its id. */
type OnMessage = { readonly id: number };
/** An account by its id. */
type OnAccount = { readonly account: string };
type SignIn = { readonly name: string; readonly password: string; readonly label: string };

const MESSAGE: readonly LimitKind[] = ["post", "postAddress"];

function command<Input, Result>(
  limits: readonly LimitKind[],
  run: Command<Input, Result>["run"],
  audit?: Command<Input, Result>["audit"],
): Command<Input, Result> {
  return { limits, run, audit };
}

/** What the audit line names. */
const actorOnly = () => ({});
const roomOf = ({ room }: InRoom) => ({ room });
const accountOfResult = (_: unknown, { account: { id } }: { account: { id: string } }) => ({ account: id });

const table = {
  post: command(MESSAGE, (chat, actor, post: InRoom & NewPost) => chat.messages.post(actor, post.room, post)),
  edit: command(
    MESSAGE,
    (chat, actor, { id, content }: OnMessage & { content: string }) => chat.messages.edit(actor, id, content),
  ),
  delete: command(MESSAGE, (chat, actor, { id }: OnMessage) => chat.messages.delete(actor, id)),
  react: command(
    MESSAGE,
    (chat, actor, { id, emoji, on }: OnMessage & { emoji: string; on: boolean }) =>
      chat.messages.react(actor, id, emoji, on),
  ),
  pin: command(MESSAGE, (chat, actor, { id, on }: OnMessage & { on: boolean }) => chat.messages.pin(actor, id, on)),
  /** Sets how far the actor has read a room; returns who that is. */
  markRead: command(
    ["signal"],
    (chat, actor, { room, seq }: InRoom & { seq: number }) => chat.reads.mark(actor, room, seq),
  ),
  /** Starts or stops typing; returns who does. What others see of it is up to the caller. */
  typing: command(["signal"], (chat, _, { access }: { access: RoomAccess; on: boolean }) => chat.policy.write(access)),
  /** Sets the actor's status; returns who that is. What others see of it is up to the caller. */
  setStatus: command(["signal"], (chat, actor, _: Status) => chat.policy.setStatus(actor)),
  /** Counts a socket that opens. */
  connect: command(["join"], (_chat, _actor, _input: NoInput) => undefined),
  /** Counts a subscription, and refuses those who can't look around here. Whether they can read the room is asked last. */
  subscribe: command(["subscribe"], (chat, actor, _: InRoom) => chat.policy.browse(actor)),

  createRoom: command(
    ["create"],
    async (chat, actor, { members = [], ...wanted }: NewRoom & { members?: readonly string[] }) =>
      await chat.rooms.create(actor, wanted, await chat.accounts.others(actor, members)),
    (_, { id }) => ({ room: id }),
  ),
  /** The direct room of the actor and another account, created where there is none yet. */
  openDirect: command(
    ["create"],
    async (chat, actor, { account, name }: OnAccount & { name?: string | undefined }) =>
      await chat.rooms.direct(actor, await chat.accounts.person(account), name),
  ),
  updateRoom: command(
    ["manage"],
    (chat, actor, { room, patch }: InRoom & { patch: RoomPatch }) => chat.rooms.update(actor, room, patch),
    roomOf,
  ),
  deleteRoom: command(["manage"], (chat, actor, { room }: InRoom) => chat.rooms.delete(actor, room), roomOf),
  /** Gives an account a role in a room, or removes it (null). Returns undefined where nothing changes. */
  setRole: command(
    ["manage"],
    async (chat, actor, { room, account, role }: InRoom & OnAccount & { role: Role | null }) => {
      const person = (await chat.members.of(room, account))?.person ?? await chat.accounts.person(account);
      return await chat.members.setRole(actor, room, person, role);
    },
    ({ room, account, role }) => ({ room, account, role: role ?? "none" }),
  ),
  joinRoom: command(["manage"], (chat, actor, { room }: InRoom) => chat.members.join(actor, room)),
  leaveRoom: command(["manage"], (chat, actor, { room }: InRoom) => chat.members.leave(actor, room)),
  createInvite: command(
    ["create"],
    (chat, actor, { room, ...terms }: InRoom & InviteTerms) => chat.invites.create(actor, room, terms),
    roomOf,
  ),
  revokeInvite: command(
    ["manage"],
    (chat, actor, { room, code }: InRoom & { code: string }) => chat.invites.revoke(actor, room, code),
    roomOf,
  ),
  /** Follows an invite link; returns the room's id. */
  acceptInvite: command(
    ["join"],
    (chat, actor, { code }: { code: string }) => chat.invites.accept(actor, code),
    (_, room) => ({ room }),
  ),

  createAccount: command(
    ["register"],
    (chat, _, wanted: NewAccount) => chat.accounts.register(wanted),
    (_, { id }) => ({ account: id }),
  ),
  /** Creates an account, and signs its browser in. */
  register: command(
    ["register"],
    async (chat, _, { label, ...wanted }: NewAccount & { label: string }) =>
      await chat.signIns.open(await chat.accounts.register(wanted), label),
    accountOfResult,
  ),
  /** Signs in a browser; returns the session's secret for its cookie. */
  signIn: command(
    ["signIn"],
    async (chat, _, { name, password, label }: SignIn, address) =>
      await chat.signIns.open(await chat.signIns.check(name, password, address), label),
    accountOfResult,
  ),
  /** Signs in a program: an access token is all that it gets. */
  signInProgram: command(
    ["signIn"],
    async (chat, _, { name, password, label }: SignIn, address) =>
      await chat.signIns.openProgram(await chat.signIns.check(name, password, address), label),
    accountOfResult,
  ),
  refreshToken: command(["manage"], (chat, actor, _: NoInput) => chat.signIns.refresh(actor)),
  signOut: command([], (chat, actor, _: NoInput) => chat.sessions.signOut(actor), actorOnly),
  /** Takes a name for a guest. It costs nothing: what a guest does counts per address, too. */
  becomeGuest: command([], async (chat, _, { name }: { name: string }) => {
    await chat.accounts.requireFree(name);
    return chat.guests.issue(name);
  }),

  updateProfile: command(["manage"], (chat, actor, profile: Profile) => chat.accounts.update(actor, profile)),
  setAvatar: command(["upload"], async (chat, actor, { bytes }: { bytes: Uint8Array<ArrayBuffer> }) => {
    const { id } = requireAccount(actor, "account");
    return await chat.accounts.setAvatar(actor, await chat.files.storePicture(id, bytes));
  }),
  removeAvatar: command(["manage"], (chat, actor, _: NoInput) => chat.accounts.setAvatar(actor, null)),
  /** Changes the actor's password, which ends all other sessions and tokens. */
  changePassword: command(
    ["manage"],
    (chat, actor, { oldPassword, password }: { oldPassword: string; password: string }) =>
      chat.credentials.change(actor, oldPassword, password),
    actorOnly,
  ),
  createToken: command(
    ["create"],
    (chat, actor, token: NewToken) => chat.sessions.createToken(actor, token),
    actorOnly,
  ),
  /** Ends one of the actor's sessions or tokens. */
  endSession: command(["manage"], (chat, actor, { id }: { id: string }) => chat.sessions.end(actor, id), actorOnly),
  /** Ends all sessions and tokens of the actor but the one that asks. */
  endOtherSessions: command(["manage"], (chat, actor, _: NoInput) => chat.sessions.endOthers(actor), actorOnly),
  deleteAccount: command(
    ["manage"],
    (chat, actor, { password, messages }: { password: string; messages: boolean }) =>
      chat.ownData.delete(actor, password, { messages }),
    actorOnly,
  ),
  /** Everything that the server keeps of the actor, as lines of JSON. */
  exportData: command(["upload"], (chat, actor, _: NoInput) => chat.ownData.lines(actor), actorOnly),

  /** Disables an account, which ends everything it has open, or enables it again. */
  setDisabled: command(
    ["manage"],
    (chat, actor, { account, disabled }: OnAccount & { disabled: boolean }) =>
      chat.accounts.setDisabled(actor, account, disabled),
    (input) => ({ ...input }),
  ),
  setAdmin: command(
    ["manage"],
    (chat, actor, { account, admin }: OnAccount & { admin: boolean }) => chat.accounts.setAdmin(actor, account, admin),
    (input) => ({ ...input }),
  ),
};

/** A command's name. */
export type CommandName = keyof typeof table;
/** What a command is given. */
export type InputOf<Name extends CommandName> = (typeof table)[Name] extends Command<infer Input, infer _> ? Input
  : never;
/** What a command returns. */
export type ResultOf<Name extends CommandName> = (typeof table)[Name] extends Command<infer _, infer Result> ? Result
  : never;

/** All commands. */
export const COMMANDS: { readonly [Name in CommandName]: Command<InputOf<Name>, ResultOf<Name>> } = table;
