/**
 * What each command of a socket does: a handler per type, which goes through the gate and acknowledges.
 * @module
 */
import type { Gate } from "@/lib/chat/gate.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Connection } from "@/lib/live/connection.ts";
import type { Position } from "@/lib/live/feed.ts";
import type { RoomChannel } from "@/lib/live/room_channel.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Command, type Done, withNonce } from "@/lib/protocols/codec.ts";

/** The rooms that commands are about. */
export interface CommandRooms {
  /** Subscribes a socket to a room. Throws {@link ChatError} what the policy refuses with. */
  subscribe(connection: Connection, room: number, position: Position): Promise<void>;
  /** Takes a socket out of a room. */
  unsubscribe(connection: Connection, room: number): void;
  /** The channel of a room that a socket is subscribed to. */
  channel(room: number): RoomChannel | undefined;
  /** Sends everyone in a room, on all instances, how far a person has read. */
  sendRead(channel: RoomChannel, by: Person, seq: number): void;
}

type CommandOf<Type extends Command["type"]> = Extract<Command, { type: Type }>;
type Handlers = {
  readonly [Type in Command["type"]]: (connection: Connection, command: CommandOf<Type>) => Promise<void> | void;
};

/** Executes the commands of all sockets. */
export class Commands {
  readonly #rooms: CommandRooms;
  readonly #gate: Gate;
  /** Subscriptions under way, by room: what a client sends to the room meanwhile waits. */
  readonly #entering = new WeakMap<Connection, Map<number, Promise<void>>>();

  /** Commands that go through a gate. */
  constructor(rooms: CommandRooms, gate: Gate) {
    this.#rooms = rooms;
    this.#gate = gate;
  }

  /** Executes a command and acknowledges it. Throws {@link ChatError} to refuse. */
  execute(connection: Connection, command: Command): Promise<void> | void {
    const entering = "room" in command && command.room !== undefined
      ? this.#entering.get(connection)?.get(command.room)
      : undefined;
    if (entering) return entering.then(() => this.execute(connection, command));
    return this.#handle(command.type, connection, command);
  }

  #handle<Type extends Command["type"]>(type: Type, connection: Connection, command: CommandOf<Type>) {
    return this.#handlers[type](connection, command);
  }

  readonly #handlers: Handlers = {
    ping: (connection, { nonce }) => connection.send(connection.codec.pong?.(nonce)),

    subscribe: (connection, command) => {
      const { room } = command, rooms = this.#entering.get(connection) ?? new Map<number, Promise<void>>();
      const subscribed = this.#subscribe(connection, command), forget = () => void rooms.delete(room);
      this.#entering.set(connection, rooms.set(room, subscribed.then(forget, forget)));
      return subscribed;
    },

    unsubscribe: (connection, { room, nonce }) => {
      this.#rooms.unsubscribe(connection, room);
      acknowledge(connection, { nonce });
    },

    post: async (connection, { room: named, content, replyTo, nonce }) => {
      const { codec } = connection, channel = this.#channel(connection, named), { room } = channel;
      const { post, repeated } = await this.#gate.execute("post", connection, {
        room: room.id,
        content,
        nonce,
        replyTo,
      });
      if (codec.done || !repeated || nonce === undefined) {
        return connection.send(codec.done?.({ nonce, room, post, repeated }));
      }
      // Another instance may have committed it: an answer that came before the entry itself would look like a gap.
      await channel.feed.waitFor({ after: post.seq });
      const first = codec.entry(room, post);
      if (first !== undefined) connection.send(withNonce(first, nonce));
    },

    edit: (connection, command) =>
      this.#change(connection, command, () => this.#gate.execute("edit", connection, command)),

    delete: (connection, command) =>
      this.#change(connection, command, () => this.#gate.execute("delete", connection, command)),

    react: (connection, command) =>
      this.#change(connection, command, () => this.#gate.execute("react", connection, command)),

    pin: (connection, command) =>
      this.#change(connection, command, () => this.#gate.execute("pin", connection, command)),

    typing: async (connection, { room, on, nonce }) => {
      const channel = this.#channel(connection, room), access = channel.access(connection);
      channel.presence.setTyping(await this.#gate.execute("typing", connection, { access, on }), on);
      acknowledge(connection, { nonce });
    },

    read: async (connection, { room, seq, nonce }) => {
      const channel = this.#channel(connection, room);
      const person = await this.#gate.execute("markRead", connection, { room: channel.room.id, seq });
      this.#rooms.sendRead(channel, person, seq);
      acknowledge(connection, { nonce });
    },

    status: async (connection, { state, text, nonce }) => {
      const status = { state, text }, person = await this.#gate.execute("setStatus", connection, status);
      for (const room of connection.subscriptions.keys()) {
        this.#rooms.channel(room)?.presence.setStatus(person, status);
      }
      acknowledge(connection, { nonce });
    },
  };

  /** The room that a command names, or that its socket is bound to. */
  #channel(connection: Connection, room = connection.boundRoom): RoomChannel {
    const channel = room !== undefined && connection.subscriptions.has(room) ? this.#rooms.channel(room) : undefined;
    if (!channel) throw new ChatError("room_not_found");
    return channel;
  }

  async #subscribe(connection: Connection, { room, after, epoch, nonce }: CommandOf<"subscribe">): Promise<void> {
    await this.#gate.execute("subscribe", connection, { room });
    await this.#rooms.subscribe(connection, room, { after, epoch });
    acknowledge(connection, { nonce });
  }

  async #change(
    connection: Connection,
    { room: named, nonce }: { readonly room?: number; readonly nonce?: string | undefined },
    change: () => Promise<Entry | undefined>,
  ): Promise<void> {
    const { room } = this.#channel(connection, named);
    acknowledge(connection, { nonce, room, entry: await change() });
  }
}

function acknowledge(connection: Connection, done: Done): void {
  connection.send(connection.codec.done?.(done));
}
