/**
 * A whole server in this process, over a store in memory, and clients for it.
 * @module
 */
import { Builder } from "fresh/dev";
import type { App } from "fresh";
import { type Chat, type ChatOptions, openChat, type State } from "@/lib/http/state.ts";
import { createApp, hardened } from "@/main.ts";

/** A server that answers on a port of its own. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly chat: Chat;
  /** A request; `path` begins with a slash, `body` is sent as JSON. */
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  /** A socket; `path` begins with a slash. */
  socket(path: string): Client;
}

const root = new URL("..", import.meta.url).pathname;
let applied: Promise<(app: App<State>) => void> | undefined;

/** Starts a server. The pages and islands are built once a test file. */
export async function serve(options: Partial<ChatOptions> = {}): Promise<TestServer> {
  const apply = await (applied ??= new Builder({ root }).build({ snapshot: "memory" }));
  const chat = await openChat({ store: ":memory:", guests: "full", ...options });
  const app = createApp(() => Promise.resolve(chat));
  apply(app);
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, hardened(app.handler()));
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const clients: Client[] = [];
  return {
    url,
    chat,
    fetch: (path, { json, ...init } = {}) =>
      fetch(url + path, json === undefined ? init : { ...init, body: JSON.stringify(json) }),
    socket(path) {
      const client = new Client(new WebSocket(url.replace("http", "ws") + path));
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      const closing = listener.shutdown();
      for (const client of clients) client.close();
      await chat[Symbol.asyncDispose]();
      await closing;
    },
  };
}

/** A frame as a test reads it. */
export type Frame = Record<string, unknown>;

/** A client that keeps every frame until it is asked for. */
export class Client {
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];
  #wake = Promise.withResolvers<void>();
  /** Resolves with the close event. */
  readonly closed: Promise<CloseEvent>;
  #over = false;

  /** Listens from the start, so nothing is missed. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<CloseEvent>();
    this.closed = promise;
    socket.onmessage = ({ data }) => {
      this.#frames.push(JSON.parse(data));
      this.#tell();
    };
    socket.onclose = (event) => {
      this.#over = true;
      this.#tell();
      resolve(event);
    };
  }

  /** Sends an object as JSON, or anything else as it is, once the socket is open. */
  async send(frame: Frame | string | Uint8Array<ArrayBuffer>): Promise<void> {
    await this.opened();
    this.#socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame));
  }

  /** Resolves once the socket is open. */
  async opened(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CONNECTING) return;
    await new Promise<void>((resolve) => this.#socket.addEventListener("open", () => resolve(), { once: true }));
  }

  /** The next frame, whatever it is. Throws if the socket closes or nothing comes for five seconds. */
  async next(): Promise<Frame> {
    const deadline = AbortSignal.timeout(5_000);
    const late = new Promise<never>((_, reject) => {
      deadline.addEventListener("abort", () => reject(new Error("No frame came within five seconds")), { once: true });
    });
    while (this.#frames.length === 0) {
      if (this.#over) throw new Error("The socket closed before the frame came");
      await Promise.race([this.#wake.promise, late]);
    }
    return this.#frames.shift()!;
  }

  /** The next frame of a type; those before it are passed over. */
  async until(type: string, matches: (frame: Frame) => boolean = () => true): Promise<Frame> {
    while (true) {
      const frame = await this.next();
      if (frame.type === type && matches(frame)) return frame;
    }
  }

  /** The frames that have come and were not asked for. */
  pending(): readonly Frame[] {
    return [...this.#frames];
  }

  /** Closes the socket, with 1000 unless another code is named. */
  close(code = 1000): void {
    if (this.#socket.readyState <= WebSocket.OPEN) this.#socket.close(code);
  }

  #tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
