/**
 * A client on a socket that keeps every frame until a test asks for it.
 * @module
 */
// @ts-types="npm:@types/ws@^8.18"
import NodeSocket from "npm:ws@^8.18";
import { atMost } from "@/tests/limits.ts";

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

const PATIENCE_MS = 5_000;

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
  #over = false;

  /** Listens from the start, so nothing is missed. */
  constructor(connect: (client: Client) => Wire) {
    this.#wire = connect(this);
  }

  /** Resolves once the socket is over. Throws if it is not within five seconds. */
  get closed(): Promise<Closed> {
    return within(this.#closed.promise, PATIENCE_MS, "The socket did not close");
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

  /** The next frame, whatever it is. Throws if the socket closes first, or nothing comes for five seconds. */
  async next(patience = PATIENCE_MS): Promise<Frame> {
    const giveUp = Date.now() + patience;
    while (true) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      if (this.#over) throw new Error("The socket closed before the frame came");
      await within(this.#wake.promise, giveUp - Date.now(), "No frame came");
    }
  }

  /** The next frame of a type; those before it are passed over. */
  async until(type: string, matches: (frame: Frame) => boolean = () => true, patience = PATIENCE_MS): Promise<Frame> {
    while (true) {
      const frame = await this.next(patience);
      if (frame.type === type && matches(frame)) return frame;
    }
  }

  /**
   * What the server has sent until now and was not asked for. A frame that is still under way would come before the
   * answer to a `ping`, so this waits for that answer instead of for some time.
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

  /** The frames that are left when the socket is over. */
  async rest(): Promise<Frame[]> {
    await this.closed;
    return this.#frames.splice(0);
  }

  /** Closes the socket, with 1000 unless another code is named; null for none at all. */
  close(code: number | null = 1000): void {
    if (!this.#over) this.#wire.close(code ?? undefined);
  }

  /** Drops the connection without a goodbye, as a lost network does. Only for sockets with `headers`. */
  cut(): void {
    this.#wire.cut();
  }

  /** Stops reading, or goes on. Only for sockets with `headers`. */
  pause(on: boolean): void {
    this.#wire.pause(on);
  }

  /** Takes what the wire received. */
  hear(text: string): void {
    this.#frames.push(JSON.parse(text));
    this.#tell();
  }

  /** Takes the end of the wire. */
  end(closed: Closed): void {
    this.#over = true;
    this.#tell();
    this.#closed.resolve(closed);
  }

  #tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

/** Waits for something, but no longer than so many milliseconds. Throws what `otherwise` says. */
export async function within<T>(promise: Promise<T>, patience: number, otherwise: string): Promise<T> {
  const { isLate } = await atMost(patience, promise);
  if (isLate) throw new Error(`${otherwise} within ${patience} ms`);
  return await promise;
}

function webWire(url: string, client: Client): Wire {
  const socket = new WebSocket(url);
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  opened.catch(() => undefined);
  socket.onopen = () => resolve();
  socket.onmessage = ({ data }) => client.hear(data);
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
  socket.on("message", (data) => client.hear(String(data)));
  socket.on("close", (code, reason) => client.end({ code, reason: reason.toString() }));
  return {
    opened,
    send: (data) => socket.send(data),
    close: (code) => socket.close(code),
    cut: () => socket.terminate(),
    pause: (on) => on ? socket.pause() : socket.resume(),
  };
}
