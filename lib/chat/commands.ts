/**
 * The commands: everything that people and programs can change, whatever the way in. Each says what it counts against,
 * whether it leaves an audit line, and what it does. Inputs are parsed already, and name rooms and messages by id.
 * @module
 */
import type { AccountDeletion } from "@/lib/chat/account_deletion.ts";
import type { Accounts, NewAccount, Profile } from "@/lib/chat/accounts.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import type { DataExport } from "@/lib/chat/data_export.ts";
import type { Files } from "@/lib/chat/files.ts";
import type { Guests } from "@/lib/chat/guests.ts";
import type { Invites, InviteTerms } from "@/lib/chat/invites.ts";
import type { Members } from "@/lib/chat/members.ts";
import type { Messages, NewPost } from "@/lib/chat/messages.ts";
import { type Actor, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
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
  readonly dataExport: DataExport;
  readonly deletion: AccountDeletion;
}

/** A command. */
export interface Command<Input, Result> {
  /** What it counts against. */
  readonly limits: readonly LimitKind[];
  /** Does it. Throws {@link ChatError} to refuse. */
  run(sources: CommandSources, caller: Caller, input: Input): Result | Promise<Result>;
  /** Ids of what it was done to, for the audit line; absent where it leaves none. */
  readonly audit?: ((input: Input, result: Result) => Fields) | undefined;
}

/** Input of a command without any. */
export type NoInput = Readonly<Record<string, never>>;

interface InRoom {
  /** The room's id. */
  readonly room: number;
}

interface OnMessage {
  /** The message's id. */
  readonly id: number;
}

interface OnAccount {
  /** The account's id. */
  readonly account: string;
}

const MESSAGE: readonly LimitKind[] = ["post", "postAddress"];

function command<Input, Result>(
  limits: readonly LimitKind[],
  run: Command<Input, Result>["run"],
  audit?: Command<Input, Result>["audit"],
): Command<Input, Result> {
  return { limits, run, audit };
}

const room = ({ room }: InRoom) => ({ room });
const nothing = () => ({});

const table = {
  post: command(MESSAGE, async ({ rooms, messages }, { actor }, { room, ...wanted }: InRoom & NewPost) => {
    const posted = await messages.post(actor, room, wanted);
    // A repeat commits nothing, and so was allowed by nothing.
    if (posted.repeated) await rooms.require(actor, room);
    return posted;
  }),
  edit: command(
    MESSAGE,
    ({ messages }, { actor }, { id, content }: OnMessage & { readonly content: string }) =>
      messages.edit(actor, id, content),
  ),
  delete: command(MESSAGE, ({ messages }, { actor }, { id }: OnMessage) => messages.delete(actor, id)),
  react: command(
    MESSAGE,
    ({ messages }, { actor }, { id, emoji, on }: OnMessage & { readonly emoji: string; readonly on: boolean }) =>
      messages.react(actor, id, emoji, on),
  ),
  pin: command(
    MESSAGE,
    ({ messages }, { actor }, { id, on }: OnMessage & { readonly on: boolean }) => messages.pin(actor, id, on),
  ),
  /** Sets how far the actor has read a room; returns who that is. */
  markRead: command(
    ["signal"],
    ({ reads }, { actor }, { room, seq }: InRoom & { readonly seq: number }) => reads.mark(actor, room, seq),
  ),
  /** Starts or stops typing; returns who does. What others see of it is up to the caller. */
  typing: command(
    ["signal"],
    ({ policy }, _, { access }: { readonly access: RoomAccess; readonly on: boolean }) => policy.write(access),
  ),
  /** Sets the actor's status; returns who that is. What others see of it is up to the caller. */
  setStatus: command(["signal"], ({ policy }, { actor }, _: Status) => policy.setStatus(actor)),
  /** Counts a socket that opens. */
  connect: command(["join"], (_sources, _caller, _input: NoInput) => undefined),
  /** Counts a subscription, and refuses those who can't look around here. Whether they can read the room is asked last. */
  subscribe: command(["subscribe"], ({ policy }, { actor }, _: InRoom) => policy.browse(actor)),

  createRoom: command(
    ["create"],
    async (
      { rooms, accounts },
      { actor },
      { members = [], ...wanted }: NewRoom & { readonly members?: readonly string[] },
    ) => await rooms.create(actor, wanted, await accounts.others(actor, members)),
    (_, { id }) => ({ room: id }),
  ),
  /** The direct room of the actor and another account, created where there is none yet. */
  openDirect: command(
    ["create"],
    async ({ rooms, accounts }, { actor }, { account, name }: OnAccount & { readonly name?: string | undefined }) =>
      await rooms.direct(actor, await accounts.person(account), name),
  ),
  updateRoom: command(
    ["manage"],
    ({ rooms }, { actor }, { room, patch }: InRoom & { readonly patch: RoomPatch }) => rooms.update(actor, room, patch),
    room,
  ),
  deleteRoom: command(["manage"], ({ rooms }, { actor }, { room }: InRoom) => rooms.delete(actor, room), room),
  /** Gives an account a role in a room, or removes it (null). Returns undefined where nothing changes. */
  setRole: command(
    ["manage"],
    async (
      { members, accounts },
      { actor },
      { room, account, role }: InRoom & OnAccount & { readonly role: Role | null },
    ) => {
      const person = (await members.of(room, account))?.person ?? await accounts.person(account);
      return await members.setRole(actor, room, person, role);
    },
    ({ room, account, role }) => ({ room, account, role: role ?? "none" }),
  ),
  joinRoom: command(["manage"], ({ members }, { actor }, { room }: InRoom) => members.join(actor, room)),
  leaveRoom: command(["manage"], ({ members }, { actor }, { room }: InRoom) => members.leave(actor, room)),
  createInvite: command(
    ["create"],
    ({ invites }, { actor }, { room, ...terms }: InRoom & InviteTerms) => invites.create(actor, room, terms),
    room,
  ),
  revokeInvite: command(
    ["manage"],
    ({ invites }, { actor }, { room, code }: InRoom & { readonly code: string }) => invites.revoke(actor, room, code),
    room,
  ),
  /** Follows an invite link; returns the room's id. */
  acceptInvite: command(
    ["join"],
    ({ invites }, { actor }, { code }: { readonly code: string }) => invites.accept(actor, code),
    (_, room) => ({ room }),
  ),

  /** Creates an account. */
  createAccount: command(
    ["register"],
    ({ accounts }, _, wanted: NewAccount) => accounts.register(wanted),
    (_, { id }) => ({ account: id }),
  ),
  /** Creates an account, and signs its browser in. */
  register: command(
    ["register"],
    async ({ accounts, signIns }, _, { label, ...wanted }: NewAccount & { readonly label: string }) =>
      await signIns.open(await accounts.register(wanted), label),
    (_, { account }) => ({ account: account.id }),
  ),
  /** Signs in a browser; returns the session's secret for its cookie. */
  signIn: command(
    ["signIn"],
    async (
      { signIns },
      { address },
      { name, password, label }: { readonly name: string; readonly password: string; readonly label: string },
    ) => await signIns.open(await signIns.check(name, password, address), label),
    (_, { account }) => ({ account: account.id }),
  ),
  /** Signs in a program: an access token is all that it gets. */
  signInProgram: command(
    ["signIn"],
    async (
      { signIns },
      { address },
      { name, password, label }: { readonly name: string; readonly password: string; readonly label: string },
    ) => await signIns.openProgram(await signIns.check(name, password, address), label),
    (_, { account }) => ({ account: account.id }),
  ),
  /** Another access token for the actor's session. */
  refreshToken: command(["manage"], ({ signIns }, { actor }, _: NoInput) => signIns.refresh(actor)),
  /** Ends the actor's session, where there is one. */
  signOut: command([], ({ sessions }, { actor }, _: NoInput) => sessions.signOut(actor), nothing),
  /** Takes a name for a guest. It costs nothing: what a guest does counts per address, too. */
  becomeGuest: command([], async ({ accounts, guests }, _, { name }: { readonly name: string }) => {
    await accounts.requireFree(name);
    return guests.issue(name);
  }),

  updateProfile: command(
    ["manage"],
    ({ accounts }, { actor }, profile: Profile) => accounts.update(actor, profile),
  ),
  /** Sets the actor's picture. */
  setAvatar: command(
    ["upload"],
    async ({ accounts, files }, { actor }, { bytes }: { readonly bytes: Uint8Array<ArrayBuffer> }) => {
      const { id } = requireAccount(actor, "account");
      return await accounts.setAvatar(actor, await files.storePicture(id, bytes));
    },
  ),
  removeAvatar: command(
    ["manage"],
    ({ accounts }, { actor }, _: NoInput) => accounts.setAvatar(actor, null),
  ),
  /** Changes the actor's password, which ends all other sessions and tokens. */
  changePassword: command(
    ["manage"],
    (
      { credentials },
      { actor },
      { oldPassword, password }: { readonly oldPassword: string; readonly password: string },
    ) => credentials.change(actor, oldPassword, password),
    nothing,
  ),
  /** Creates a personal access token. */
  createToken: command(
    ["create"],
    ({ sessions }, { actor }, token: NewToken) => sessions.createToken(actor, token),
    nothing,
  ),
  /** Ends one of the actor's sessions or tokens. */
  endSession: command(
    ["manage"],
    ({ sessions }, { actor }, { id }: { readonly id: string }) => sessions.end(actor, id),
    nothing,
  ),
  /** Ends all sessions and tokens of the actor but the one that asks. */
  endOtherSessions: command(
    ["manage"],
    ({ sessions }, { actor }, _: NoInput) => sessions.endOthers(actor),
    nothing,
  ),
  deleteAccount: command(
    ["manage"],
    (
      { deletion },
      { actor },
      { password, messages }: { readonly password: string; readonly messages: boolean },
    ) => deletion.execute(actor, password, { messages }),
    nothing,
  ),
  /** Everything that the server keeps of the actor, as lines of JSON. */
  exportData: command(["upload"], ({ dataExport }, { actor }, _: NoInput) => dataExport.lines(actor), nothing),

  /** Disables an account, which ends everything it has open, or enables it again. */
  setDisabled: command(
    ["manage"],
    ({ accounts }, { actor }, { account, disabled }: OnAccount & { readonly disabled: boolean }) =>
      accounts.setDisabled(actor, account, disabled),
    ({ account, disabled }) => ({ account, disabled }),
  ),
  /** Makes an account an admin of the server, or no longer one. */
  setAdmin: command(
    ["manage"],
    ({ accounts }, { actor }, { account, admin }: OnAccount & { readonly admin: boolean }) =>
      accounts.setAdmin(actor, account, admin),
    ({ account, admin }) => ({ account, admin }),
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
