/**
 * What each command of a socket does: a handler per type, which goes through the gate and returns what the
 * acknowledgement tells.
 * @module
 */
import type { Gate } from "@/lib/chat/gate.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Position } from "@/lib/live/catch_up.ts";
import type { Connection } from "@/lib/live/connection.ts";
import type { RoomChannel } from "@/lib/live/room_channel.ts";
import type { Subscription } from "@/lib/live/subscription.ts";
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
type Result = Omit<Done, "nonce"> | undefined;
type Handlers = {
  readonly [Type in Command["type"]]: (
    context: Context,
    command: CommandOf<Type>,
  ) => Result | Promise<Result>;
};

/** What the acknowledgement of a command without a result tells. */
const DONE: Result = {};

/** Runs the commands of all sockets. */
export class Commands {
  readonly #rooms: CommandRooms;
  readonly #gate: Gate;
  /** Subscriptions under way: what a client sends to the room meanwhile waits. */
  readonly #entering = new WeakMap<Connection, Map<number, Promise<void>>>();

  /** Runs commands through a gate. */
  constructor(rooms: CommandRooms, gate: Gate) {
    this.#rooms = rooms;
    this.#gate = gate;
  }

  /** Runs a command and acknowledges it. Throws {@link ChatError} to refuse. */
  async run(connection: Connection, command: Command): Promise<void> {
    if ("room" in command && command.room !== undefined) {
      for (let entering; (entering = this.#entering.get(connection)?.get(command.room));) {
        await Promise.allSettled([entering]);
      }
    }
    const context = new Context(connection, this.#gate, this.#rooms);
    const handled = handle(command.type, context, command);
    if (command.type === "subscribe") this.#enter(connection, command.room, handled);
    const result = await handled, { nonce } = command;
    if (result) connection.send(connection.codec.done?.({ nonce, ...result }));
  }

  #enter(connection: Connection, room: number, handled: Result | Promise<Result>): void {
    let rooms = this.#entering.get(connection);
    if (!rooms) this.#entering.set(connection, rooms = new Map());
    const entering = Promise.resolve(handled).then(() => undefined, () => undefined)
      .then(() => void (rooms.get(room) === entering && rooms.delete(room)));
    rooms.set(room, entering);
  }
}

function handle<Type extends Command["type"]>(type: Type, context: Context, command: CommandOf<Type>) {
  return HANDLERS[type](context, command);
}

/** A command's socket, and what it may call. */
class Context {
  constructor(readonly connection: Connection, readonly gate: Gate, readonly rooms: CommandRooms) {}

  /** The room that the command names, or that the socket is bound to. */
  target(room = this.connection.boundRoom): { subscription: Subscription; channel: RoomChannel } {
    const subscription = room === undefined ? undefined : this.connection.subscriptions.get(room);
    const channel = subscription && this.rooms.channel(subscription.room);
    if (!subscription || !channel) throw new ChatError("room_not_found");
    return { subscription, channel };
  }
}

/** The result of a change to a message. */
async function changed(context: Context, named: number | undefined, change: () => Promise<Entry | undefined>) {
  const { room } = context.target(named).channel;
  return { room, entry: await change() };
}

const HANDLERS: Handlers = {
  ping({ connection }, { nonce }) {
    connection.send(connection.codec.pong?.(nonce));
    return undefined;
  },

  async subscribe({ connection, gate, rooms }, { room, after, epoch }) {
    await gate.execute("subscribe", connection, { room });
    await rooms.subscribe(connection, room, { after, epoch });
    return DONE;
  },

  unsubscribe({ connection, rooms }, { room }) {
    rooms.unsubscribe(connection, room);
    return DONE;
  },

  async post(context, { room: named, content, replyTo, nonce }) {
    const { connection, gate } = context, { channel } = context.target(named), { room } = channel;
    const { post, repeated } = await gate.execute("post", connection, { room: room.id, content, nonce, replyTo });
    if (connection.codec.done || !repeated || nonce === undefined) return { room, post, repeated };
    // Another instance may have committed it: an answer that came before the entry itself would look like a gap.
    await channel.feed.waitFor({ after: post.seq });
    const first = connection.codec.entry(room, post);
    if (first !== undefined) connection.send(withNonce(first, nonce));
    return undefined;
  },

  edit: (context, { room, id, content }) =>
    changed(context, room, () => context.gate.execute("edit", context.connection, { id, content })),

  delete: (context, { room, id }) =>
    changed(context, room, () => context.gate.execute("delete", context.connection, { id })),

  react: (context, { room, id, emoji, on }) =>
    changed(context, room, () => context.gate.execute("react", context.connection, { id, emoji, on })),

  pin: (context, { room, id, on }) =>
    changed(context, room, () => context.gate.execute("pin", context.connection, { id, on })),

  async typing(context, { room, on }) {
    const { subscription, channel } = context.target(room);
    const access = channel.access(subscription);
    channel.presence.setTyping(await context.gate.execute("typing", context.connection, { access, on }), on);
    return DONE;
  },

  async read(context, { room, seq }) {
    const { channel } = context.target(room);
    const person = await context.gate.execute("markRead", context.connection, { room: channel.room.id, seq });
    context.rooms.sendRead(channel, person, seq);
    return DONE;
  },

  async status({ connection, gate, rooms }, { state, text }) {
    const person = await gate.execute("setStatus", connection, { state, text });
    for (const room of connection.subscriptions.keys()) {
      rooms.channel(room)?.presence.setStatus(person, { state, text });
    }
    return DONE;
  },
};
