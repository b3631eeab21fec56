/**
 * Data export: everything that the server keeps of a person, for the person.
 * @module
 */
import type { Accounts } from "@/lib/chat/accounts.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { roomTitle } from "@/lib/model/room.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** The parts of the core that keep something of a person. */
export interface ExportSources {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly log: Log;
}

/** Exports people's own data. */
export class DataExport {
  readonly #sources: ExportSources;

  /** @param sources Where the data is. */
  constructor(sources: ExportSources) {
    this.#sources = sources;
  }

  /**
   * The actor's account, sessions, rooms, and messages where they can still read. Each item is one line of JSON.
   *
   * @throws {ChatError} What the policy says, at once.
   */
  lines(actor: Actor): AsyncGenerator<string> {
    return this.#lines(actor, requireAccount(actor, "account"));
  }

  async *#lines(actor: Actor, { id }: Person): AsyncGenerator<string> {
    const { accounts, sessions, rooms, log } = this.#sources, account = await accounts.get(id);
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
}

function line(type: string, item: object): string {
  return `${JSON.stringify({ type, ...item })}\n`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
