/**
 * Own data: all that the server keeps of an account, exported and deleted.
 * @module
 */
import type { Accounts } from "@/lib/chat/accounts.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import type { Members } from "@/lib/chat/members.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Room, roomTitle } from "@/lib/model/room.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** The parts of the core that keep something of an account. */
export interface OwnDataSources {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly messages: Messages;
  readonly log: Log;
}

/** Exports and deletes what people have here. */
export class OwnData {
  /** @param sources Where the data is. */
  constructor(private readonly sources: OwnDataSources) {}

  /**
   * The actor's account, sessions, rooms, and messages where they can still read. Each item is one line of JSON.
   *
   * @throws {ChatError} What the policy says, at once.
   */
  lines(actor: Actor): AsyncGenerator<string> {
    return this.#lines(actor, requireAccount(actor, "account"));
  }

  async *#lines(actor: Actor, { id }: Person): AsyncGenerator<string> {
    const { accounts, sessions, rooms, log } = this.sources, account = await accounts.get(id);
    if (account) {
      const { generation: _, createdAt, ...own } = account;
      yield line("account", { ...own, created_at: time(createdAt) });
    }
    for (const { kind, label, scopes, createdAt, seenAt } of await sessions.list(id)) {
      yield line("session", { kind, label, scopes, created_at: time(createdAt), last_used_at: time(seenAt) });
    }
    for await (const room of rooms.readable(actor)) {
      const role = await rooms.role(actor, room.id);
      if (role) yield line("room", { id: room.id, name: roomTitle(room, { id }), kind: room.kind, role });
      for await (const { by, seq, content, at } of log.posts(room.id)) {
        if (by.id !== id) continue;
        yield line("message", { id: messageId(room.id, seq), room_id: room.id, content, timestamp: time(at) });
      }
    }
  }

  /**
   * Deletes the actor's account. A room that they alone own goes to the member who has been there longest; a private one
   * without other members is deleted.
   *
   * @param messages Whether their messages are deleted too; they stay otherwise.
   * @throws {ChatError} `wrong_password`, or what the policy says.
   */
  async delete(actor: Actor, password: string, { messages }: { readonly messages: boolean }): Promise<void> {
    const { accounts, credentials, sessions, rooms } = this.sources;
    await credentials.confirm(actor, password);
    await sessions.endOthers(actor);
    for await (const room of rooms.readable(actor)) {
      if (messages) await this.#deleteMessages(actor, room);
      await this.#leave(actor, room);
    }
    await accounts.delete(actor);
  }

  async #deleteMessages(actor: Actor, room: Room): Promise<void> {
    const { messages, log } = this.sources, seqs: number[] = [];
    for await (const { by, seq } of log.posts(room.id)) if (by.id === actor?.person.id) seqs.push(seq);
    for (const seq of seqs) await messages.deleteOwn(actor, messageId(room.id, seq));
  }

  async #leave(actor: Actor, room: Room): Promise<void> {
    const { rooms, members } = this.sources, access = await rooms.access(actor, room.id);
    if (!access?.role || access.role === "banned" || room.kind === "direct") return;
    const others = (await members.list(access))
      .filter(({ role, person }) => role !== "banned" && person.id !== actor?.person.id)
      .sort((one, other) => one.since - other.since);
    if (access.role === "owner" && room.kind === "private" && others.length === 0) {
      return await rooms.delete(actor, room.id);
    }
    const [heir] = others;
    if (access.role === "owner" && heir && !others.some(({ role }) => role === "owner")) {
      await members.setRole(actor, room.id, heir.person, "owner");
    }
    await members.leave(actor, room.id);
  }
}

function line(type: string, item: object): string {
  return `${JSON.stringify({ type, ...item })}\n`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
