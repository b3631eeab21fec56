/**
 * One socket: what it says becomes commands, what it is told is queued up to a limit, and it is closed once.
 * @module
 */
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import type { Status } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Actor } from "@/lib/chat/policy.ts";
import { logger } from "@/lib/logger.ts";
import type { Subscription } from "@/lib/live/room_channel.ts";
import type { Hub } from "@/lib/live/hub.ts";
import type { Writable } from "@/lib/live/write_scheduler.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Codec, type Command, withNonce } from "@/lib/protocols/codec.ts";

/** Longest frame that a client may send, in bytes. */
export const FRAME_MAX = 64 * 1024;
/** With more than this unsent a client is too slow: it is closed and may resume. */
const UNSENT_MAX = 1024 * 1024;
/** `bufferedAmount` costs a tenth of a send, so it is read after this many UTF-16 units only. */
const LOOK_EVERY = 128 * 1024;
/** So many bad frames in a row close the socket. */
const BAD_FRAMES_MAX = 10;
/** Commands that store nothing that others read. */
const SIGNALS: ReadonlySet<Command["type"]> = new Set(["typing", "read", "status"]);
/** What a client without a way to understand it is told as a breach of policy. */
const PLAIN_REFUSALS: ReadonlySet<ErrorCode> = new Set(["sign_in", "forbidden", "room_not_found", "name_registered"]);
/** How a client says goodbye: with 1000, or by closing without any code, which comes as 1005. */
const GOODBYES: ReadonlySet<number> = new Set([1000, 1005]);
/** So many frames may wait while a client is being let in. */
const HELD_MAX = 256;

/**
 * Deno breaks a connection off, and the peer never sees our close, where another frame comes before the answer to it. So
 * who is sent away has this long to fall silent, in milliseconds, and no longer than that.
 */
const HUSH_MS = 100;
const HUSH_MAX_MS = 1_000;

/** Lets a client in by its first frame, or throws {@link ChatError}, which ends the socket. */
export type HelloHandler = (firstFrame: string) => Promise<void>;

/** A client on a socket. */
export class Connection implements Writable {
  /** Who this is, or null for somebody who has not said so, or only looks. */
  actor: Actor = null;
  /** The one room of a socket that is of one room. */
  boundRoom: number | undefined;
  readonly subscriptions = new Map<number, Subscription>();
  /** Rooms that it is about to be in: what it says there meanwhile waits. */
  #entering: Map<number, Promise<void>> | undefined;
  readonly #socket: WebSocket;
  readonly #hub: Hub;
  #greeting: HelloHandler | undefined;
  #isNothingNew: ((frame: string) => boolean) | undefined;
  /** Frames that came while the client is being let in. */
  #held: unknown[] | undefined;
  #sent = 0;
  #badFrames = 0;
  #heardAt = -Infinity;
  #closed = false;
  #hush: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param codec What the client speaks; its first frame may still choose another.
   * @param address Where it comes from.
   * @param policyClose The code for a refusal that has none of its own, and for ten bad frames in a row.
   */
  constructor(
    socket: WebSocket,
    hub: Hub,
    public codec: Codec,
    readonly address: string,
    readonly policyClose: 4400 | 1008 = 4400,
  ) {
    this.#socket = socket;
    this.#hub = hub;
    hub.connections.add(this);
    // Where a client is cut off in the middle of the handshake, none of these events ever comes.
    hub.expect(this);
    socket.addEventListener("message", this);
    socket.addEventListener("close", this);
    socket.addEventListener("error", this);
  }

  /** Whether the client has been let in. */
  get admitted(): boolean {
    return this.#greeting === undefined && this.#held === undefined;
  }

  /** Whether the client has yet to open the socket, or to say who it is. */
  get isAwaitingHello(): boolean {
    return this.#socket.readyState === WebSocket.CONNECTING || this.#greeting !== undefined;
  }

  /** Waits for the client to say who it is. */
  awaitHello(greeting: HelloHandler): void {
    this.#greeting = greeting;
  }

  /** Passes over the next frame where it tells nothing new. */
  skipRedundantHello(isNothingNew: (frame: string) => boolean): void {
    this.#isNothingNew = isNothingNew;
  }

  /** Lets the client in. Frames that come meanwhile wait; what `enter` throws ends the socket. */
  async admit(enter: () => Promise<void>): Promise<void> {
    if (this.#held || this.#closed) return;
    this.#greeting = undefined;
    const held: unknown[] = this.#held = [];
    try {
      await enter();
      this.#held = undefined;
      for (const data of held) this.receive(data);
    } catch (error) {
      this.end(domainError(error));
    }
  }

  /** Sends a frame; undefined is nothing to say. A client that has stopped reading is closed with 4408. */
  send(frame: string | undefined): void {
    if (frame !== undefined && !this.#closed) this.#hub.scheduler.send(this, frame);
  }

  /** Gives a frame to the runtime, once those before it have gone. */
  write(frame: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(frame);
    this.#sent += frame.length;
    if (this.#sent < LOOK_EVERY) return;
    this.#sent = 0;
    if (this.#socket.bufferedAmount > UNSENT_MAX) {
      metrics.slowReaders++;
      this.end(new ChatError("too_slow", "You read too slowly; come back and resume."));
    }
  }

  /** Refuses something; the socket stays. */
  refuse(error: unknown, nonce?: string): void {
    const refusal = domainError(error);
    metrics.refused(refusal.code);
    this.send(this.codec.error(refusal, nonce));
  }

  /** Says why in an `error` frame, then closes with the code of that error, or the one given. */
  end(error: ChatError, close = this.#closeOf(error)): void {
    if (this.#closed) return;
    metrics.refused(error.code);
    if (close !== 1001) this.send(this.codec.error(error, undefined));
    this.close(close, error.message);
  }

  /** Clients of older protocols know few codes: a refusal that is about who asks, or where, is 1008 for them. */
  #closeOf({ code, close = this.policyClose }: ChatError): number {
    return this.policyClose === 1008 && !this.admitted && PLAIN_REFUSALS.has(code) ? 1008 : close;
  }

  /** Takes it out of a room that its person may not read any more; the socket of that room alone ends. */
  removeFromRoom({ channel: { room }, role }: Subscription): void {
    this.#hub.unsubscribe(this, room.id);
    const error = new ChatError(role === "banned" ? "forbidden" : "room_not_found", "You are no longer in this room.");
    if (this.boundRoom === room.id) this.end(error);
    else this.refuse(error);
  }

  /** Closes the socket. It leaves its rooms here and now: a peer that does not answer may never fire `close`. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#hub.drop(this, code === 1000);
    const latest = performance.now() + HUSH_MAX_MS;
    this.#hub.scheduler.afterFlush(() => this.#closeInSilence(code, truncated(reason), latest));
  }

  /** Closes the socket once its client says nothing more, and at `latest` anyway. */
  #closeInSilence(code: number, reason: string, latest: number): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) {
      return this.#socket.addEventListener("open", () => this.#socket.close(code, reason), { once: true });
    }
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const wait = Math.min(this.#heardAt + HUSH_MS, latest) - performance.now();
    if (wait <= 0) this.#socket.close(code, reason);
    else this.#hush = setTimeout(() => this.#closeInSilence(code, reason, latest), wait);
  }

  /** Resolves once the socket is closed on both sides, which a peer that does not answer may put off for ever. */
  gone(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#socket.addEventListener("close", () => resolve(), { once: true }));
  }

  /** The socket's events; one object for all three spares a closure each. */
  handleEvent(event: Event): void {
    if (event instanceof MessageEvent) {
      this.#heardAt = performance.now();
      return this.receive(event.data);
    }
    clearTimeout(this.#hush);
    if (this.#closed) return;
    this.#closed = true;
    this.#hub.drop(this, event instanceof CloseEvent && GOODBYES.has(event.code));
  }

  /** Takes a frame from the client. */
  receive(data: unknown): void {
    if (this.#closed || this.#hub.draining) return;
    if (this.#held) {
      if (this.#held.push(data) > HELD_MAX) {
        this.end(new ChatError("rate_limited", "Wait for the first answer before you send more."));
      }
      return;
    }
    const greeting = this.#greeting;
    if (greeting) {
      this.admit(() => greeting(readFrame(data)));
      return;
    }
    try {
      const frame = readFrame(data), isNothingNew = this.#isNothingNew;
      this.#isNothingNew = undefined;
      if (isNothingNew?.(frame)) return;
      const command = this.codec.decode(frame);
      this.#badFrames = 0;
      this.#run(command).catch((error) => this.refuse(error, command.nonce));
    } catch (error) {
      this.#bad(domainError(error));
    }
  }

  #bad(error: ChatError): void {
    if (error.code === "too_large") return this.end(error);
    this.refuse(error, error.nonce);
    if (error.code !== "bad_frame" || ++this.#badFrames < BAD_FRAMES_MAX) return;
    this.end(new ChatError("bad_frame", "Too many frames that nobody can read."), this.policyClose);
  }

  async #run(command: Command): Promise<void> {
    const { nonce } = command;
    if ("room" in command && command.room !== undefined) {
      for (let entering; (entering = this.#entering?.get(command.room));) await Promise.allSettled([entering]);
    }
    switch (command.type) {
      case "ping":
        return this.send(this.codec.pong?.(nonce));
      case "subscribe":
        await this.#enter(command.room, this.#hub.subscribe(this, command.room, command));
        return this.send(this.codec.done?.({ nonce }));
      case "unsubscribe":
        this.#hub.unsubscribe(this, command.room);
        return this.send(this.codec.done?.({ nonce }));
    }
    this.#pace(command);
    if (command.type === "status") {
      this.#setStatus(command);
      return this.send(this.codec.done?.({ nonce }));
    }
    const access = this.#subscription(command.room);
    const { channel, room } = access, { messages, policy, reads } = this.#hub.parts;
    switch (command.type) {
      case "post": {
        const { post, repeated } = await messages.post(access, command);
        const frame = this.codec.done?.({ nonce, room, post, repeated });
        if (frame !== undefined) this.send(frame);
        else if (repeated && nonce !== undefined) {
          // Another instance may have committed it: an answer that came before the entry itself would look like a gap.
          await channel.feed.waitFor({ after: post.seq });
          const first = this.codec.entry(room, post);
          if (first !== undefined) this.send(withNonce(first, nonce));
        }
        return;
      }
      case "edit":
        return this.#changed(nonce, room, await messages.edit(access, command.id, command.content));
      case "delete":
        return this.#changed(nonce, room, await messages.delete(access, command.id));
      case "react":
        return this.#changed(nonce, room, await messages.react(access, command.id, command.emoji, command.on));
      case "pin":
        return this.#changed(nonce, room, await messages.pin(access, command.id, command.on));
      case "typing":
        channel.presence.type(policy.write(access), command.on);
        return this.send(this.codec.done?.({ nonce }));
      case "read": {
        await reads.mark(access, command.seq);
        if (access.person) this.#hub.hasRead(channel, access.person, command.seq);
        return this.send(this.codec.done?.({ nonce }));
      }
    }
  }

  /** Counts a command against what its sender may do so often. */
  #pace({ type }: Command): void {
    const { limits } = this.#hub.parts;
    if (!limits) return;
    const now = performance.now(), who = this.actor?.person.id ?? this.address;
    if (SIGNALS.has(type)) return limits.take("signal", who, now);
    limits.take("post", who, now);
    limits.take("postAddress", this.address, now);
  }

  #setStatus(status: Status): void {
    const { actor } = this;
    if (!actor) throw new ChatError("sign_in", "Say who you are first.");
    for (const { channel } of this.subscriptions.values()) {
      channel.presence.status(actor.person, { state: status.state, text: status.text });
    }
  }

  #changed(nonce: string | undefined, room: Room, entry: Parameters<Codec["entry"]>[1] | undefined): void {
    this.send(this.codec.done?.({ nonce, room, entry }));
  }

  async #enter(room: number, entering: Promise<void>): Promise<void> {
    const rooms = this.#entering ??= new Map();
    rooms.set(room, entering);
    try {
      await entering;
    } finally {
      rooms.delete(room);
    }
  }

  #subscription(room = this.boundRoom): Subscription {
    const subscription = room === undefined ? undefined : this.subscriptions.get(room);
    if (!subscription) throw new ChatError("room_not_found", "Subscribe to the room first.");
    return subscription;
  }
}

/** The text of a frame. Throws {@link ChatError} `bad_frame` for a binary one, `too_large` for one over 64 KiB. */
export function readFrame(data: unknown): string {
  if (sizeOf(data) > FRAME_MAX) throw new ChatError("too_large", "A frame has at most 64 KiB.");
  if (typeof data !== "string") throw new ChatError("bad_frame", "Send text frames: this one is binary.");
  return data;
}

function sizeOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  // A UTF-16 unit is at most 3 bytes of UTF-8, so most frames need no count.
  if (typeof data !== "string" || data.length * 3 <= FRAME_MAX) return 0;
  return new TextEncoder().encode(data).length;
}

/** The error that a client is told; what the program did not expect is logged, and told as `internal`. */
export function domainError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  logger.error("An unexpected error in a socket", {}, error);
  return new ChatError("internal", "Something went wrong here; try again.");
}

/** As much of a close reason as 123 bytes hold (RFC 6455, 5.5). */
function truncated(reason: string): string {
  return reason.slice(0, new TextEncoder().encodeInto(reason, new Uint8Array(123)).read);
}
