/**
 * What a person may ask of the server about themselves: everything it keeps of them, or that it forgets them.
 * @module
 */
import type { Accounts } from "@/lib/chat/accounts.ts";
import { type Room, roomTitle } from "@/lib/model/room.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Files } from "@/lib/chat/files.ts";
import type { Members } from "@/lib/chat/members.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import type { Actor, Policy } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** The parts of the core that keep something of a person. */
export interface Keepers {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly messages: Messages;
  readonly files: Files;
  readonly log: Log;
  readonly policy: Policy;
}

const ROOMS_AT_ONCE = 500;

/** A person's own data. */
export class DataExport {
  readonly #in: Keepers;

  /** @param keepers Where it lies. */
  constructor(keepers: Keepers) {
    this.#in = keepers;
  }

  /**
   * Everything that the server keeps of the actor: the account, its sessions, its rooms, and what it said where it may
   * still read. Each item is one line of JSON.
   *
   * @throws {ChatError} What the policy says.
   */
  async *export(actor: Actor): AsyncGenerator<string> {
    const { id } = this.#in.policy.account(actor, "account");
    const account = await this.#in.accounts.get(id);
    if (account) yield line("account", { ...account, created_at: time(account.createdAt) });
    for (const { kind, label, scopes, createdAt, seenAt } of await this.#in.sessions.list(id)) {
      yield line("session", { kind, label, scopes, created_at: time(createdAt), last_used_at: time(seenAt) });
    }
    for await (const room of this.#rooms(actor)) {
      const role = await this.#in.rooms.role(actor, room.id);
      if (role) yield line("room", { id: room.id, name: roomTitle(room, { id }), kind: room.kind, role });
      for await (const post of this.#posts(room, id)) {
        yield line("message", {
          id: messageId(room.id, post.seq),
          room_id: room.id,
          content: post.content,
          timestamp: time(post.at),
        });
      }
    }
  }

  /**
   * Takes the actor's account away. Rooms that they alone owned go to whoever has been there longest; private ones with
   * nobody else go too.
   *
   * @param messages Whether what they said is deleted as well; it stays otherwise.
   * @throws {ChatError} `wrong_password`, or what the policy says.
   */
  async erase(actor: Actor, password: string, { messages }: { messages: boolean }): Promise<void> {
    const person = this.#in.policy.account(actor, "account");
    await this.#in.accounts.confirm(person.id, password);
    const account = await this.#in.accounts.get(person.id);
    for await (const room of this.#rooms(actor)) {
      if (messages) await this.#deletePosts(actor, room, person.id);
      await this.#leave(actor, room);
    }
    if (account?.avatar) await this.#in.files.remove(account.avatar);
    await this.#in.accounts.remove(person);
  }

  async #deletePosts(actor: Actor, room: Room, person: string): Promise<void> {
    const role = await this.#in.rooms.role(actor, room.id);
    // In an archived room, too: this is about the person and not about the conversation.
    const access = { actor, room: { ...room, archived: false }, role };
    const seqs: number[] = [];
    for await (const { seq } of this.#posts(room, person)) seqs.push(seq);
    for (const seq of seqs) await this.#in.messages.delete(access, messageId(room.id, seq));
  }

  async #leave(actor: Actor, room: Room): Promise<void> {
    const access = await this.#in.rooms.access(actor, room.id);
    if (!access?.role || access.role === "banned" || room.kind === "direct") return;
    const members = await this.#in.members.list(access);
    const others = members.filter(({ role, person }) => role !== "banned" && person.id !== access.actor?.person.id);
    if (access.role === "owner" && room.kind === "private" && others.length === 0) {
      return await this.#in.rooms.delete(access);
    }
    const heir = others.sort((one, other) => one.since - other.since)[0];
    if (access.role === "owner" && heir && !others.some(({ role }) => role === "owner")) {
      await this.#in.members.setRole(access, heir.person, "owner");
    }
    await this.#in.members.leave(access);
  }

  /** The rooms that the actor may read. */
  async *#rooms(actor: Actor): AsyncGenerator<Room> {
    for (let after = 0;;) {
      const page = await this.#in.rooms.list(actor, { after, limit: ROOMS_AT_ONCE });
      for (const { room } of page) yield room;
      if (page.length < ROOMS_AT_ONCE) return;
      after = page.at(-1)!.room.id;
    }
  }

  async *#posts(room: Room, by: string): AsyncGenerator<Post> {
    for await (const post of this.#in.log.posts(room.id)) if (post.by.id === by) yield post;
  }
}

function line(type: string, item: object): string {
  return `${JSON.stringify({ type, ...item })}\n`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
