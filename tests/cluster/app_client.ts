/**
 * A client of protocol 5, as the web app is one: one socket for several rooms, each of which it resumes where it was. It
 * sends again, with the same nonce, what was not acknowledged, and records what it sends and sees.
 * @module
 */
import { type Entry } from "@/lib/model/entry.ts";
import { splitMessageId } from "@/lib/model/message.ts";
import { type ClientFrame, parseServerFrame, type ServerFrame } from "@/lib/protocols/app/frames.ts";
import type { Account } from "@/tests/cluster/account.ts";
import { seenEntry } from "@/tests/cluster/final_state.ts";
import {
  type Environment,
  type Position,
  ReconnectingSocket,
  type ResumingClient,
} from "@/tests/cluster/reconnecting_socket.ts";

/** A room that it is subscribed to. */
interface Subscription extends Position {
  position: number | undefined;
  epoch: string | undefined;
  /** Whether the server has acknowledged the subscription on this connection. */
  isIn: boolean;
}

/** A change of a message, which is not sent again. */
type Change =
  & { readonly id: number }
  & ({ readonly type: "edit"; readonly content: string } | {
    readonly type: "delete" | "react";
  });

/** A post without an answer. */
interface Pending {
  readonly subscription: Subscription;
  readonly content: string;
}

type Ok = Extract<ServerFrame, { type: "ok" }>;
type Refusal = Extract<ServerFrame, { type: "error" }>;
type Events = Extract<ServerFrame, { type: "events" }>;

const WINDOW = 6;
const AGAIN_MS = 100;

/** The web app of an account. */
export class AppClient implements ResumingClient {
  arrivals = 0;
  readonly name: string;
  readonly positions: readonly Subscription[];
  readonly #environment: Environment;
  readonly #socket: ReconnectingSocket;
  /** The nonces of this connection without an answer. */
  readonly #open = new Set<string>();
  readonly #subscribing = new Map<string, Subscription>();
  readonly #changes = new Map<string, Change>();
  readonly #pending = new Map<string, Pending>();
  /** What its messages said at first, by id. */
  readonly #own = new Map<number, string>();
  #said = 0;

  /** Nothing is tried before {@link connect}. */
  constructor({ name, cookie }: Account, rooms: readonly number[], environment: Environment) {
    this.name = name;
    this.positions = rooms.map((room) => ({ room, position: undefined, epoch: undefined, isIn: false }));
    this.#environment = environment;
    const onFrame = (text: string) => this.#take(parseServerFrame(text));
    this.#socket = new ReconnectingSocket(environment, "/ws", { onFrame }, { cookie });
  }

  get isSettled(): boolean {
    return this.#socket.isIn && this.positions.every(({ isIn }) => isIn) && this.#pending.size + this.#open.size === 0;
  }

  connect(): void {
    this.#socket.connect();
  }

  say(): void {
    if (this.#pending.size >= WINDOW) return;
    const subscription = this.#oneOf(this.positions)!,
      nonce = this.#newNonce(),
      content = `${this.name} says ${this.#said}`;
    this.#pending.set(nonce, { subscription, content });
    this.#post(nonce, { subscription, content });
  }

  change(): void {
    const [id, content] = this.#oneOf([...this.#own]) ?? [],
      room = id === undefined ? undefined : splitMessageId(id)?.room;
    if (id === undefined || room === undefined || !this.#isIn(this.#subscriptionTo(room))) return;
    const chosen = this.#environment.random(), nonce = this.#newNonce();
    if (chosen < 0.3) {
      this.#changes.set(nonce, { type: "react", id });
      return this.#request({ type: "react", room, id, emoji: "👍", on: chosen < 0.15, nonce });
    }
    if (chosen < 0.5) {
      // Whether that succeeds or not, it is left alone from now on.
      this.#own.delete(id);
      this.#changes.set(nonce, { type: "delete", id });
      return this.#request({ type: "delete", room, id, nonce });
    }
    const edited = `${content}, or rather ${this.#said}`;
    this.#changes.set(nonce, { type: "edit", id, content: edited });
    this.#request({ type: "edit", room, id, content: edited, nonce });
  }

  reconnect(): void {
    this.#socket.reconnect();
  }

  async leave(): Promise<void> {
    await this.#socket.leave(this.name);
  }

  abort(): void {
    this.#socket.abort();
  }

  #take(frame: ServerFrame | undefined): void {
    switch (frame?.type) {
      case "hello":
        return this.#arrive(frame);
      case "events":
        return this.#read(frame);
      case "reset":
        return this.#begin(this.#subscriptionTo(frame.room), frame.head, "reset");
      case "ok":
        return this.#done(frame);
      case "error":
        return this.#refused(frame);
    }
  }

  #arrive({ user, rooms }: Extract<ServerFrame, { type: "hello" }>): void {
    if (user?.name !== this.name) this.#environment.report(`${this.name} is greeted as ${user?.name ?? "a visitor"}.`);
    this.arrivals++;
    this.#socket.isIn = true;
    this.#open.clear();
    this.#subscribing.clear();
    this.#changes.clear();
    for (const subscription of this.positions) {
      subscription.isIn = false;
      const summary = rooms.find(({ room }) => room.id === subscription.room);
      if (!summary) this.#environment.report(`${this.name} does not get room ${subscription.room}.`);
      else if (subscription.position === undefined) this.#begin(subscription, summary.head, "joined");
      this.#subscribe(subscription);
    }
  }

  #begin(
    subscription: Subscription | undefined,
    { seq, epoch }: { seq: number; epoch: string },
    type: "joined" | "reset",
  ): void {
    if (!subscription) return;
    subscription.position = seq;
    subscription.epoch = epoch;
    this.#environment.record({ client: this.name, room: subscription.room, type, seq });
  }

  #subscribe(subscription: Subscription): void {
    const { room, position, epoch } = subscription;
    if (position === undefined || epoch === undefined) return;
    const nonce = this.#newNonce();
    this.#environment.record({ client: this.name, room, type: "resumed", after: position });
    this.#subscribing.set(nonce, subscription);
    this.#request({ type: "subscribe", room, after: position, epoch, nonce });
  }

  #read({ room, from, entries }: Events): void {
    const subscription = this.#subscriptionTo(room);
    if (!subscription) {
      return this.#environment.report(`${this.name} gets entries of room ${room}, and is not subscribed.`);
    }
    if (entries[0]?.seq !== from) {
      this.#environment.report(`${this.name} gets entries from ${from} that begin elsewhere.`);
    }
    for (const entry of entries) this.#saw(subscription, entry);
  }

  #saw(subscription: Subscription, entry: Entry): void {
    subscription.position = entry.seq;
    this.#environment.record({
      client: this.name,
      room: subscription.room,
      type: "saw",
      entry: seenEntry(subscription.room, entry),
    });
  }

  #done({ nonce, id, seq }: Ok): void {
    if (!this.#open.delete(nonce)) this.#environment.report(`${this.name} gets a second answer to ${nonce}.`);
    const subscribed = this.#subscribing.get(nonce),
      pending = this.#pending.get(nonce),
      change = this.#changes.get(nonce);
    this.#subscribing.delete(nonce);
    this.#pending.delete(nonce);
    this.#changes.delete(nonce);
    if (subscribed) this.#enter(subscribed);
    if (pending) {
      const { subscription: { room }, content } = pending;
      this.#environment.record({ client: this.name, room, type: "acknowledged", nonce, id: id ?? 0, seq: seq ?? 0 });
      if (id !== undefined) this.#own.set(id, content);
    }
    if (change && seq !== undefined) this.#changed(change, seq);
  }

  #changed(change: Change, seq: number): void {
    const { id } = change, event = { client: this.name, room: splitMessageId(id)?.room ?? 0, id, seq };
    if (change.type === "edit") this.#environment.record({ ...event, type: "edited", content: change.content });
    if (change.type === "delete") this.#environment.record({ ...event, type: "deleted" });
  }

  #enter(subscription: Subscription): void {
    subscription.isIn = true;
    for (const [nonce, pending] of this.#pending) {
      if (pending.subscription === subscription) this.#post(nonce, pending);
    }
  }

  #refused({ nonce, code, detail }: Refusal): void {
    if (!this.#environment.tolerated.has(code)) {
      this.#environment.report(`${this.name} gets the error “${detail}” (${code}).`);
    }
    if (nonce === undefined) return;
    if (!this.#open.delete(nonce)) this.#environment.report(`${this.name} gets a second answer to ${nonce}.`);
    this.#changes.delete(nonce);
    const { arrivals } = this, subscribed = this.#subscribing.get(nonce), pending = this.#pending.get(nonce);
    this.#subscribing.delete(nonce);
    setTimeout(() => {
      // On another connection it has been sent again already.
      if (arrivals !== this.arrivals || !this.#socket.isIn) return;
      if (subscribed) this.#subscribe(subscribed);
      else if (pending) this.#post(nonce, pending);
    }, AGAIN_MS);
  }

  #post(nonce: string, { subscription, content }: Pending): void {
    const { room } = subscription;
    this.#environment.record({ client: this.name, room, type: "sent", nonce, content });
    if (this.#isIn(subscription)) this.#request({ type: "post", room, content, nonce });
  }

  #request(frame: ClientFrame & { readonly nonce: string }): void {
    this.#open.add(frame.nonce);
    this.#socket.send(frame);
  }

  #isIn(subscription: Subscription | undefined): boolean {
    return this.#socket.isIn && subscription?.isIn === true;
  }

  #subscriptionTo(room: number): Subscription | undefined {
    return this.positions.find((subscription) => subscription.room === room);
  }

  #oneOf<T>(several: readonly T[]): T | undefined {
    return several[Math.floor(this.#environment.random() * several.length)];
  }

  #newNonce(): string {
    return `${this.name}:${++this.#said}`;
  }
}
