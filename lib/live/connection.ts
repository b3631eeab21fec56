/**
 * One socket and its life cycle: the handshake, frames in, frames out, its places in rooms, and one close. A client that
 * reads too slowly is closed here.
 * @module
 */
import type { Actor } from "@/lib/chat/policy.ts";
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import type { Writable, WriteScheduler } from "@/lib/live/write_scheduler.ts";
import { logger } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Codec, Command } from "@/lib/protocols/codec.ts";

/** What a connection calls of the hub that it belongs to. */
export interface ConnectionHost {
  readonly scheduler: WriteScheduler;
  /** Whether frames are ignored, as the process is about to stop. */
  readonly draining: boolean;
  /** Takes in a new connection. */
  add(connection: Connection): void;
  /** Takes a closed connection out of everything; `clean` where the client closed it properly. */
  remove(connection: Connection, clean: boolean): void;
  /** Runs a command and acknowledges it. Throws {@link ChatError} to refuse. */
  run(connection: Connection, command: Command): Promise<void> | void;
}

/** A socket as the rooms see it. */
export type Subscriber = Pick<
  Connection,
  "codec" | "actor" | "boundRoom" | "isAdmitted" | "subscriptions" | "send" | "refuse" | "end" | "close"
>;

/** A socket's place in a room. */
export class Subscription {
  /** Whether entries are delivered to it: not while it still catches up. */
  live = false;
  /** Whether its person counts as present: not during the first catch-up. */
  present = false;
  /** The person it's here as, or null for a visitor without a name. */
  readonly person: Person | null;

  /** @param room The room's id. */
  constructor(readonly subscriber: Subscriber, readonly room: number, public role: Role | null) {
    this.person = subscriber.actor?.person ?? null;
  }
}

/** Lets a client in by its first frame, or throws {@link ChatError}, which closes the socket. */
type HelloHandler = (firstFrame: string) => Promise<void>;

/** How long a client may take to open the socket and say who it is, in milliseconds. */
export const HANDSHAKE_MS = 10_000;
/** Longest frame that a client may send, in bytes. */
const FRAME_MAX = 64 * 1024;
/** A client with more bytes than this unsent reads too slowly: it's closed and may resume. */
const UNSENT_MAX = 1024 * 1024;
/** `bufferedAmount` costs a tenth of a send, so it's read once every this many UTF-16 units. */
const BUFFER_CHECK_EVERY = 128 * 1024;
/** This many bad frames in a row close the socket. */
const BAD_FRAMES_MAX = 10;
/** Refusals that clients of the older protocols get as a breach of policy. */
const POLICY_REFUSALS: ReadonlySet<ErrorCode> = new Set(["sign_in", "forbidden", "room_not_found", "name_registered"]);
/** Close codes of a clean goodbye: 1000, or none, which comes as 1005. */
const CLEAN_CLOSES: ReadonlySet<number> = new Set([1000, 1005]);
/** Frames that may wait while a client is being let in. */
const HELD_MAX = 256;
/**
 * Deno resets a connection when a frame crosses its close, and the peer never sees the code. So a close waits until the
 * client has been quiet for this long, in milliseconds, up to a maximum.
 */
const QUIET_PERIOD_MS = 100;
const QUIET_PERIOD_MAX_MS = 1_000;

/** A client on a socket. */
export class Connection implements Writable {
  /** Who this is, or null for a visitor without a name. */
  actor: Actor = null;
  /** The one room of a socket that is bound to a room; undefined for one that follows many. */
  boundRoom: number | undefined;
  /** By room. */
  readonly subscriptions = new Map<number, Subscription>();
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  #onHello: HelloHandler | undefined;
  #isRedundant: ((frame: string) => boolean) | undefined;
  /** Frames that came while the client is being let in. */
  #held: unknown[] | undefined;
  #sinceBufferCheck = 0;
  #badFrames = 0;
  #receivedAt = -Infinity;
  #closed = false;
  /** Ends the handshake, and later the wait for a quiet client. */
  #timer: ReturnType<typeof setTimeout>;

  /**
   * @param codec The client's protocol; its first frame may still choose another.
   * @param address The client's address.
   * @param policyClose The close code of a refusal that has none of its own, and of too many bad frames.
   */
  constructor(
    socket: WebSocket,
    host: ConnectionHost,
    public codec: Codec,
    readonly address: string,
    readonly policyClose: 4400 | 1008 = 4400,
  ) {
    this.#socket = socket;
    this.#host = host;
    // Where a client is cut off in mid-handshake none of the socket's events ever fires.
    this.#timer = setTimeout(() => {
      this.end(new ChatError("bad_frame", "Say who you are within 10 seconds."), policyClose);
    }, HANDSHAKE_MS);
    host.add(this);
    socket.addEventListener("message", this);
    socket.addEventListener("close", this);
    socket.addEventListener("error", this);
  }

  /** Whether the client has been let in. */
  get isAdmitted(): boolean {
    return this.#onHello === undefined && this.#held === undefined;
  }

  /** Waits for the first frame, which says who the client is. */
  awaitHello(onHello: HelloHandler): void {
    this.#onHello = onHello;
  }

  /** Ignores the next frame where it repeats what the address said. */
  skipRedundantHello(isRedundant: (frame: string) => boolean): void {
    this.#isRedundant = isRedundant;
  }

  /** Lets the client in. Frames that come meanwhile wait; what `enter` throws closes the socket. */
  async admit(enter: () => Promise<void>): Promise<void> {
    if (this.#held || this.#closed) return;
    clearTimeout(this.#timer);
    this.#onHello = undefined;
    const held: unknown[] = this.#held = [];
    try {
      await enter();
      this.#held = undefined;
      for (const data of held) this.receive(data);
    } catch (error) {
      this.end(domainError(error));
    }
  }

  /** Sends a frame; undefined sends nothing. */
  send(frame: string | undefined): void {
    if (frame !== undefined && !this.#closed) this.#host.scheduler.send(this, frame);
  }

  /** Writes a frame to the socket. A client that reads too slowly is closed with 4408. */
  write(frame: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(frame);
    this.#sinceBufferCheck += frame.length;
    if (this.#sinceBufferCheck < BUFFER_CHECK_EVERY) return;
    this.#sinceBufferCheck = 0;
    if (this.#socket.bufferedAmount > UNSENT_MAX) {
      metrics.slowReaders++;
      this.end(new ChatError("too_slow", "You read too slowly; come back and resume."));
    }
  }

  /** Sends an error; the socket stays. */
  refuse(error: unknown, nonce?: string): void {
    const refusal = domainError(error);
    metrics.refused(refusal.code);
    this.send(this.codec.error(refusal, nonce));
  }

  /** Sends an error, then closes with that error's code, or the one given. */
  end(error: ChatError, close = this.#closeCode(error)): void {
    if (this.#closed) return;
    metrics.refused(error.code);
    if (close !== 1001) this.send(this.codec.error(error, undefined));
    this.close(close, error.message);
  }

  /** Clients of older protocols know few codes: a refusal of who they are, or where they want to be, is 1008. */
  #closeCode({ code, close = this.policyClose }: ChatError): number {
    return this.policyClose === 1008 && !this.isAdmitted && POLICY_REFUSALS.has(code) ? 1008 : close;
  }

  /** Closes the socket. It leaves its rooms here and now: a peer that doesn't answer may never fire `close`. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#host.remove(this, code === 1000);
    const latest = performance.now() + QUIET_PERIOD_MAX_MS;
    this.#host.scheduler.afterFlush(() => this.#closeWhenQuiet(code, truncated(reason), latest));
  }

  /** Closes the socket once its client is quiet, and at `latest` anyway. */
  #closeWhenQuiet(code: number, reason: string, latest: number): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) {
      return this.#socket.addEventListener("open", () => this.#socket.close(code, reason), { once: true });
    }
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const wait = Math.min(this.#receivedAt + QUIET_PERIOD_MS, latest) - performance.now();
    if (wait <= 0) this.#socket.close(code, reason);
    else this.#timer = setTimeout(() => this.#closeWhenQuiet(code, reason, latest), wait);
  }

  /** Resolves once the socket is closed on both sides, which a peer that doesn't answer may delay for ever. */
  closed(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#socket.addEventListener("close", () => resolve(), { once: true }));
  }

  /** Handles the socket's events; one object for all three saves a closure each. */
  handleEvent(event: Event): void {
    if (event instanceof MessageEvent) {
      this.#receivedAt = performance.now();
      return this.receive(event.data);
    }
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#closed = true;
    this.#host.remove(this, event instanceof CloseEvent && CLEAN_CLOSES.has(event.code));
  }

  /** Handles a frame from the client. */
  receive(data: unknown): void {
    if (this.#closed || this.#host.draining) return;
    if (this.#held) {
      if (this.#held.push(data) > HELD_MAX) {
        this.end(new ChatError("rate_limited", "Wait for the first answer before you send more."));
      }
      return;
    }
    const onHello = this.#onHello;
    if (onHello) {
      this.admit(() => onHello(readFrame(data)));
      return;
    }
    try {
      const frame = readFrame(data), isRedundant = this.#isRedundant;
      this.#isRedundant = undefined;
      if (isRedundant?.(frame)) return;
      const command = this.codec.decode(frame);
      this.#badFrames = 0;
      this.#host.run(this, command)?.catch((error) => this.refuse(error, command.nonce));
    } catch (error) {
      this.#refuseFrame(domainError(error));
    }
  }

  #refuseFrame(error: ChatError): void {
    if (error.code === "too_large") return this.end(error);
    this.refuse(error, error.nonce);
    if (error.code !== "bad_frame" || ++this.#badFrames < BAD_FRAMES_MAX) return;
    this.end(new ChatError("bad_frame", "Too many frames that can't be read."), this.policyClose);
  }
}

/** The text of a frame. Throws {@link ChatError} `bad_frame` for a binary one, `too_large` for one over 64 KiB. */
function readFrame(data: unknown): string {
  if (sizeOf(data) > FRAME_MAX) throw new ChatError("too_large", "A frame can have 64 KiB at most.");
  if (typeof data !== "string") throw new ChatError("bad_frame", "Send text frames: this one is binary.");
  return data;
}

function sizeOf(data: unknown): number {
  if (data instanceof ArrayBuffer) return data.byteLength;
  // A UTF-16 unit is at most 3 bytes of UTF-8, so most frames need no count.
  if (typeof data !== "string" || data.length * 3 <= FRAME_MAX) return 0;
  return new TextEncoder().encode(data).length;
}

/** The error that a client gets; an unexpected one is logged, and becomes `internal`. */
function domainError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  logger.error("An unexpected error in a socket", {}, error);
  return new ChatError("internal", "Something went wrong. Please try again.");
}

/** The part of a close reason that fits into 123 bytes (RFC 6455, 5.5). */
function truncated(reason: string): string {
  return reason.slice(0, new TextEncoder().encodeInto(reason, new Uint8Array(123)).read);
}
