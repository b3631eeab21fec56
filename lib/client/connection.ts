/**
 * The one socket of a page. It comes back by itself, says how it stands, and answers each request once.
 * @module
 */
import { signal } from "@preact/signals";
import { type ClientFrame, FINAL_CLOSES, parseServerFrame, type ServerFrame } from "@/lib/protocols/app/frames.ts";
import { backoff } from "@/lib/client/backoff.ts";

/** How the connection stands. */
export type Phase =
  | { readonly name: "connecting" | "live" | "offline" }
  /** The next attempt is at `until`, in milliseconds since 1970. */
  | { readonly name: "waiting"; readonly until: number }
  /** The server does not want this client back: nothing is tried until someone asks for it. */
  | { readonly name: "refused"; readonly code: number };

/** The part of a `WebSocket` that is used. */
export interface Socket extends EventTarget {
  send(text: string): void;
  close(code?: number): void;
}

/** A request's answer. */
export type Ok = Extract<ServerFrame, { type: "ok" }>;

/** A request that was refused, or whose answer never came. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  /**
   * @param code The server's code, or `disconnected` where the connection ended first.
   * @param detail A sentence for people.
   */
  constructor(readonly code: string, detail: string) {
    super(detail);
  }
}

interface Waiting {
  resolve(ok: Ok): void;
  reject(error: RequestError): void;
}

/** A frame from the server this often, in milliseconds, or a question whether it is still there. */
const PING_EVERY = 25_000;
/** How long the answer may take, in milliseconds, before the connection counts as lost. */
const PONG_WITHIN = 8_000;
/** A connection that lasted this long, in milliseconds, makes the next attempt the first one again. */
const SETTLED_AFTER = 5_000;

/** The one socket of a page. */
export class Connection {
  /** How it stands now. */
  readonly phase = signal<Phase>({ name: "connecting" });
  readonly #open: () => Socket;
  readonly #listeners = new Set<(frame: ServerFrame) => void>();
  readonly #requests = new Map<string, Waiting>();
  #socket: Socket | undefined;
  #attempt = 0;
  #liveSince = Infinity;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  /** @param open Opens a socket; called for each attempt. */
  constructor(open: () => Socket) {
    this.#open = open;
  }

  /** Calls back with each frame that comes, in order. */
  listen(listener: (frame: ServerFrame) => void): void {
    this.#listeners.add(listener);
  }

  /** Connects now, unless it is connected or about to be: then it makes sure that the server is still there. */
  connect(): void {
    clearTimeout(this.#retry);
    if (this.#socket) return this.phase.peek().name === "live" ? this.#ask() : undefined;
    if (navigator.onLine !== false) this.phase.value = { name: "connecting" };
    const socket = this.#socket = this.#open();
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket && event instanceof MessageEvent) this.#receive(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event instanceof CloseEvent ? event.code : 1006);
    });
    this.#expect(PONG_WITHIN * 2);
  }

  /** The network went: what is open is as good as closed, though no close may ever come. */
  goOffline(): void {
    this.#lost(1006);
  }

  /** Closes for good, as the page goes away. */
  close(): void {
    clearTimeout(this.#retry);
    this.#drop(1000);
  }

  /** Sends something that needs no answer; lost when there is no connection. */
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
    return new Promise((resolve, reject) => {
      if (this.phase.peek().name !== "live" || !this.#socket) return reject(disconnected());
      this.#requests.set(nonce, { resolve, reject });
      this.#socket.send(JSON.stringify({ ...frame, nonce }));
    });
  }

  #receive(data: unknown): void {
    const frame = typeof data === "string" ? parseServerFrame(data) : undefined;
    this.#expect(PING_EVERY);
    if (!frame) return;
    if (frame.type === "hello") {
      this.#liveSince = Date.now();
      this.phase.value = { name: "live" };
    }
    for (const listener of this.#listeners) listener(frame);
    if (frame.type === "ok") this.#answered(frame.nonce)?.resolve(frame);
    if (frame.type === "error" && frame.nonce !== undefined) {
      this.#answered(frame.nonce)?.reject(new RequestError(frame.code, frame.detail));
    }
  }

  #answered(nonce: string): Waiting | undefined {
    const waiting = this.#requests.get(nonce);
    this.#requests.delete(nonce);
    return waiting;
  }

  /** After so much silence, asks whether the server is there; without an answer the connection is lost. */
  #expect(within: number): void {
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => this.phase.peek().name === "live" ? this.#ask() : this.#lost(1006), within);
  }

  #ask(): void {
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

/** A nonce that no other request has. Works without a secure context, where `randomUUID` is not there. */
export function newNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
