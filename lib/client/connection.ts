/**
 * The WebSocket of a page.
 * @module
 */
import { signal } from "@preact/signals";
import { type ClientFrame, FINAL_CLOSES, parseServerFrame, type ServerFrame } from "@/lib/protocols/app/frames.ts";

/** State of the connection. */
export type Phase =
  | { readonly name: "connecting" | "live" | "offline" }
  /** The next attempt is at `until`, in milliseconds since 1970. */
  | { readonly name: "waiting"; readonly until: number }
  /** The server closed it for good: no attempt is made until the reader asks for one. */
  | { readonly name: "refused"; readonly code: number };

/** The part of a `WebSocket` that is used. */
export interface Socket extends EventTarget {
  send(text: string): void;
  close(code?: number): void;
}

/** The answer to a request. */
export type Ok = Extract<ServerFrame, { type: "ok" }>;

/** A request that was refused, or whose answer never came. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  /**
   * @param code The server's code, or `disconnected` if the connection ended first.
   * @param detail A sentence for people.
   */
  constructor(readonly code: string, detail: string) {
    super(detail);
  }
}

/** Silence after which a ping is sent, in milliseconds. */
const PING_EVERY = 25_000;
/** How long the pong can take before the connection counts as lost, in milliseconds. */
const PONG_WITHIN = 8_000;
/** A connection that lasted this long resets the backoff, in milliseconds. */
const SETTLED_AFTER = 5_000;

/** A WebSocket that reconnects by itself, and matches each answer to its request. */
export class Connection {
  readonly phase = signal<Phase>({ name: "connecting" });
  readonly #open: () => Socket;
  readonly #listeners = new Set<(frame: ServerFrame) => void>();
  readonly #requests = new Map<string, PromiseWithResolvers<Ok>>();
  #socket: Socket | undefined;
  #attempt = 0;
  #liveSince = Infinity;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  /** @param open Opens a socket; called for each attempt. */
  constructor(open: () => Socket) {
    this.#open = open;
  }

  /** Calls back with each frame from the server, in order. */
  listen(listener: (frame: ServerFrame) => void): void {
    this.#listeners.add(listener);
  }

  /** Connects now. If it is connected already, it checks that the server is still there. */
  connect(): void {
    clearTimeout(this.#retry);
    if (this.#socket) return this.phase.peek().name === "live" ? this.#ping() : undefined;
    if (navigator.onLine !== false) this.phase.value = { name: "connecting" };
    const socket = this.#socket = this.#open();
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket && event instanceof MessageEvent) this.#receive(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event instanceof CloseEvent ? event.code : 1006);
    });
    this.#await(PONG_WITHIN * 2);
  }

  /** The network is gone: an open socket counts as closed, as no close event may ever come. */
  goOffline(): void {
    this.#lost(1006);
  }

  /** Closes for good. */
  close(): void {
    clearTimeout(this.#retry);
    this.#drop(1000);
  }

  /** Sends a frame that needs no answer. It is lost if there is no connection. */
  send(frame: ClientFrame): void {
    if (this.phase.peek().name === "live") this.#socket?.send(JSON.stringify(frame));
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws {RequestError} If it is refused, or if the connection is lost before the answer.
   */
  request(frame: ClientFrame): Promise<Ok> {
    const nonce = frame.nonce ?? newNonce();
    if (this.phase.peek().name !== "live" || !this.#socket) return Promise.reject(disconnected());
    const answer = Promise.withResolvers<Ok>();
    this.#requests.set(nonce, answer);
    this.#socket.send(JSON.stringify({ ...frame, nonce }));
    return answer.promise;
  }

  #receive(data: unknown): void {
    const frame = typeof data === "string" ? parseServerFrame(data) : undefined;
    this.#await(PING_EVERY);
    if (!frame) return;
    if (frame.type === "hello") {
      this.#liveSince = Date.now();
      this.phase.value = { name: "live" };
    }
    for (const listener of this.#listeners) listener(frame);
    if (frame.type === "ok") this.#take(frame.nonce)?.resolve(frame);
    if (frame.type === "error" && frame.nonce !== undefined) {
      this.#take(frame.nonce)?.reject(new RequestError(frame.code, frame.detail));
    }
  }

  #take(nonce: string): PromiseWithResolvers<Ok> | undefined {
    const waiting = this.#requests.get(nonce);
    this.#requests.delete(nonce);
    return waiting;
  }

  /** Pings the server unless it sends something in time. While connecting, the attempt has failed then. */
  #await(within: number): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => this.phase.peek().name === "live" ? this.#ping() : this.#lost(1006), within);
  }

  #ping(): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => this.#lost(1006), PONG_WITHIN);
    this.send({ type: "ping" });
  }

  #lost(code: number): void {
    this.#drop();
    if (FINAL_CLOSES.has(code)) {
      this.phase.value = { name: "refused", code };
      return;
    }
    if (Date.now() - this.#liveSince > SETTLED_AFTER) this.#attempt = 0;
    this.#liveSince = Infinity;
    const wait = backoff(this.#attempt++);
    this.phase.value = navigator.onLine === false ? { name: "offline" } : { name: "waiting", until: Date.now() + wait };
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), wait);
  }

  #drop(code?: number): void {
    clearTimeout(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(code);
    for (const { reject } of this.#requests.values()) reject(disconnected());
    this.#requests.clear();
  }
}

/**
 * The refusal that a request was rejected with.
 *
 * @throws Anything else that was thrown.
 */
export function refusalIn(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  throw error;
}

function disconnected(): RequestError {
  return new RequestError("disconnected", "The connection was lost.");
}

/** A random nonce. It works without a secure context, unlike `randomUUID`. */
export function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Longest wait before the first attempt, in milliseconds. */
export const BACKOFF_BASE = 500;
/** Longest wait of all, in milliseconds. */
export const BACKOFF_MAX = 30_000;

/**
 * Exponential backoff with full jitter: anything from nothing to a ceiling that doubles with each attempt, so that the
 * clients of a server that restarts don't all reconnect at once.
 *
 * @param attempt How many attempts have failed.
 * @param random A number from 0 up to 1.
 * @returns Milliseconds.
 */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.round(Math.min(BACKOFF_MAX, BACKOFF_BASE * 2 ** attempt) * random);
}
