/**
 * A WebSocket that reconnects: to an address that may be another one each time, and away from one that has gone silent.
 * @module
 */
import type { HistoryEvent } from "@/tests/cluster/history.ts";
import { sentence, within } from "@/tests/limits.ts";

/** What surrounds a client. */
export interface Environment {
  readonly random: () => number;
  /** The address to connect to next, such as `http://127.0.0.1:8000`. */
  readonly address: () => string;
  readonly record: (event: HistoryEvent) => void;
  /** Takes, in a sentence, what must never happen and no history shows. */
  readonly report: (violation: string) => void;
  /** Codes of errors that the server may send here. */
  readonly tolerated: ReadonlySet<string>;
}

/** A room in which a client is, and the `seq` up to which it has everything; undefined before it first joined. */
export interface Position {
  readonly room: number;
  readonly position: number | undefined;
}

/** A client that always resumes where it was, and sends again what was not acknowledged. */
export interface ResumingClient {
  readonly name: string;
  readonly positions: readonly Position[];
  /** How often it has been let in. */
  readonly arrivals: number;
  /** Whether it is in all its rooms, and every request has its answer. */
  readonly isSettled: boolean;
  /** Connects, and reconnects until it leaves. */
  connect(): void;
  /** Posts something new, unless too much is on the way. */
  say(): void;
  /** Edits, deletes or reacts to one of its messages. */
  change(): void;
  /** Drops its connection, and reconnects. */
  reconnect(): void;
  /** Closes with a handshake, for good. Resolves once the server has answered, or is not there. */
  leave(): Promise<void>;
  /** Closes for good, and waits for nothing. */
  abort(): void;
}

/** What happens on a socket. */
export interface SocketEvents {
  readonly onOpen?: () => void;
  readonly onFrame: (text: string) => void;
  readonly onClose?: (code: number) => void;
}

const CHECK_MS = 400;
/** After this long without a frame a client sends a ping; after twice as long it reconnects. */
const QUIET_MS = 1_200;
const AGAIN_MS = 50;
const JITTER_MS = 250;
/** A server that runs answers a close within this. */
const CLOSE_MS = 20_000;

/** The connection of a client that comes back. */
export class ReconnectingSocket {
  /** Whether the server has let the client in: the client sets it, and only then pings are sent. */
  isIn = false;
  readonly #environment: Environment;
  readonly #path: string;
  readonly #headers: Record<string, string>;
  readonly #events: SocketEvents;
  #socket: WebSocket | undefined;
  #heardAt = 0;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** Nothing is tried before {@link connect}. */
  constructor(environment: Environment, path: string, events: SocketEvents, headers: Record<string, string> = {}) {
    this.#environment = environment;
    this.#path = path;
    this.#headers = headers;
    this.#events = events;
  }

  /** Connects, and reconnects until {@link leave}. */
  connect(): void {
    this.#watchdog ??= setInterval(() => this.#check(), CHECK_MS);
    this.#open();
  }

  /** Sends a frame; it is lost where there is no connection. */
  send(frame: Record<string, unknown>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Drops the connection, and opens another. */
  reconnect(): void {
    const socket = this.#drop();
    if (socket && socket.readyState !== WebSocket.CLOSED) socket.close();
    this.#again();
  }

  /** Closes with a handshake, for good. Resolves once the server has answered, or is not there. */
  async leave(name: string): Promise<void> {
    const socket = this.#end();
    if (socket) await closeSocket(socket, name, this.#environment.report);
  }

  /** Closes for good, and waits for nothing. */
  abort(): void {
    const socket = this.#end();
    if (socket && socket.readyState !== WebSocket.CLOSED) socket.close();
  }

  #open(): void {
    this.#heardAt = performance.now();
    const socket = this.#socket = openSocket(this.#environment.address() + this.#path, this.#headers);
    socket.onopen = () => {
      if (socket === this.#socket) this.#events.onOpen?.();
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardAt = performance.now();
      parse(data, this.#events.onFrame, this.#environment.report);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      this.#drop();
      this.#events.onClose?.(code);
      this.#again();
    };
  }

  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), AGAIN_MS + this.#environment.random() * JITTER_MS);
  }

  /** A connection may be dead without a sign of it. */
  #check(): void {
    if (!this.#socket) return;
    const quiet = performance.now() - this.#heardAt;
    if (quiet > 2 * QUIET_MS) this.reconnect();
    else if (quiet > QUIET_MS && this.isIn) this.send({ type: "ping" });
  }

  #drop(): WebSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.isIn = false;
    return socket;
  }

  #end(): WebSocket | undefined {
    clearInterval(this.#watchdog);
    clearTimeout(this.#retry);
    return this.#drop();
  }
}

/** Hands a frame to `take`, and reports one that it cannot read. */
export function parse(text: string, take: (text: string) => void, report: (violation: string) => void): void {
  try {
    take(text);
  } catch (error) {
    report(`A frame cannot be read: “${text}”: ${sentence(error)}`);
  }
}

/** Closes a socket, waits until the server has answered, and reports that it does not. */
export async function closeSocket(
  socket: WebSocket,
  name: string,
  report: (violation: string) => void,
): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  socket.close(1000);
  try {
    await within(`the close of ${name}'s socket to be answered`, closed, CLOSE_MS);
  } catch (error) {
    report(sentence(error));
  }
}

/** Deno's own socket takes headers, which the types of a browser's don't know. */
function openSocket(url: string, headers: Record<string, string>): WebSocket {
  return Reflect.construct(WebSocket, [url.replace("http", "ws"), { headers }]);
}
