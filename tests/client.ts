/**
 * A client on a socket that keeps every frame until a test asks for it.
 * @module
 */
// @ts-types="npm:@types/ws@^8.18"
import NodeSocket from "npm:ws@^8.18";
import { within } from "@/tests/limits.ts";

/** A frame as a test reads it. */
export type Frame = Record<string, unknown>;

/** How a socket ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** What a client may send: a frame, a text as it is, or bytes. */
export type Sendable = Frame | string | Uint8Array<ArrayBuffer>;

/** How to open a socket. */
export interface DialOptions {
  /** Headers of the handshake. With them the client is the npm package `ws`: the runtime's own sends none. */
  readonly headers?: Record<string, string>;
}

/** The part of a socket that differs between implementations. */
interface Wire {
  readonly opened: Promise<void>;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
  /** Drops the connection without a goodbye. */
  cut(): void;
  /** Stops reading, or goes on. */
  pause(on: boolean): void;
}

const LIMIT_MS = 10_000;

/** Opens a socket: with the runtime's own client, or with `ws` where the test names headers. */
export function dial(url: string, { headers }: DialOptions = {}): Client {
  return new Client((client) => headers ? nodeWire(url, headers, client) : webWire(url, client));
}

/** One end of a socket. */
export class Client {
  readonly #closed = Promise.withResolvers<Closed>();
  readonly #wire: Wire;
  readonly #frames: Frame[] = [];
  #wake = Promise.withResolvers<void>();
  #isClosed = false;

  /** Listens from the start, so nothing is missed. */
  constructor(connect: (client: Client) => Wire) {
    this.#wire = connect(this);
  }

  /** Resolves once the socket is closed. Throws if it is not within ten seconds. */
  get closed(): Promise<Closed> {
    return within("the socket to close", this.#closed.promise, LIMIT_MS);
  }

  /** Sends frames in order, once the socket is open. */
  async send(...frames: Sendable[]): Promise<void> {
    await this.opened();
    for (const frame of frames) {
      this.#wire.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame));
    }
  }

  /** Resolves once the socket is open; throws if it never opens. */
  opened(): Promise<void> {
    return this.#wire.opened;
  }

  /** The next frame of any type. Throws if the socket closes first, or nothing comes for ten seconds. */
  async next(limit = LIMIT_MS): Promise<Frame> {
    const deadline = performance.now() + limit;
    while (true) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      if (this.#isClosed) throw new Error("The socket closed before the frame came");
      await within("a frame", this.#wake.promise, deadline - performance.now());
    }
  }

  /** The next frame of a type; those before it are passed over. */
  async until(type: string, matches: (frame: Frame) => boolean = () => true, limit = LIMIT_MS): Promise<Frame> {
    while (true) {
      const frame = await this.next(limit);
      if (frame.type === type && matches(frame)) return frame;
    }
  }

  /**
   * The frames that the server has sent until now. One that is still under way comes before the answer to a `ping`, so this
   * waits for that answer and not for some time.
   */
  async settled(): Promise<Frame[]> {
    const nonce = crypto.randomUUID();
    await this.send({ type: "ping", nonce });
    const frames: Frame[] = [];
    while (true) {
      const frame = await this.next();
      if (frame.type === "pong" && frame.nonce === nonce) return frames;
      frames.push(frame);
    }
  }

  /** The frames that are left once the socket is closed. */
  async rest(): Promise<Frame[]> {
    await this.closed;
    return this.#frames.splice(0);
  }

  /** Closes the socket, with 1000 unless another code is named; null for none at all. */
  close(code: number | null = 1000): void {
    if (!this.#isClosed) this.#wire.close(code ?? undefined);
  }

  /** Drops the connection without a goodbye, as a lost network does. Only for sockets with `headers`. */
  cut(): void {
    this.#wire.cut();
  }

  /** Stops reading, or goes on. Only for sockets with `headers`. */
  pause(on: boolean): void {
    this.#wire.pause(on);
  }

  /** Takes a frame from the wire. */
  receive(text: string): void {
    this.#frames.push(JSON.parse(text));
    this.#notify();
  }

  /** Takes the close of the wire. */
  end(closed: Closed): void {
    this.#isClosed = true;
    this.#notify();
    this.#closed.resolve(closed);
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

function webWire(url: string, client: Client): Wire {
  const socket = new WebSocket(url);
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  opened.catch(() => undefined);
  socket.onopen = () => resolve();
  socket.onmessage = ({ data }) => client.receive(data);
  socket.onclose = ({ code, reason }) => {
    reject(new Error("The socket did not open"));
    client.end({ code, reason });
  };
  const cannot = () => {
    throw new Error("Name headers, if only {}, to have a client that can do this");
  };
  return {
    opened,
    send: (data) => socket.send(data),
    close: (code) => socket.close(code),
    cut: cannot,
    pause: cannot,
  };
}

function nodeWire(url: string, headers: Record<string, string>, client: Client): Wire {
  const socket = new NodeSocket(url, { headers });
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  opened.catch(() => undefined);
  socket.on("open", resolve);
  socket.on("error", reject);
  socket.on("message", (data) => client.receive(String(data)));
  socket.on("close", (code, reason) => client.end({ code, reason: reason.toString() }));
  return {
    opened,
    send: (data) => socket.send(data),
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
    pause: (on) => on ? socket.pause() : socket.resume(),
  };
}
