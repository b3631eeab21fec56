/**
 * A TCP proxy that injects network faults: it delays, cuts and stalls connections, loses what they carry, and accepts
 * them in another order.
 * @module
 */

/**
 * How a connection is cut: at once; in the middle of what is sent next in either direction; or in place of the next
 * answer, so that a request has taken effect and its client doesn't know.
 */
export type Cut = "now" | "half" | "answer";

const BACKLOG_MS = 20;
/** The pause after a connection that could not be accepted, as this process has too many files open. */
const ACCEPT_AGAIN_MS = 100;

/** A proxy in front of one address. */
export class FaultyProxy implements AsyncDisposable {
  /** The address behind it, such as `http://127.0.0.1:8000`; a change counts for new connections. */
  target: string;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Connection>();
  #delay = 0;
  #stalled: PromiseWithResolvers<void> | undefined;
  /** How many of the next connections are cut early. */
  #refused = 0;
  #closed = false;
  #held: (() => void)[] | undefined;

  /** Listens on a port of its own, and forwards everything to `target`. */
  constructor(target: string) {
    this.target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accept();
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** The latency that is added to each chunk, in milliseconds. */
  set delay(delay: number) {
    this.#delay = delay;
  }

  /** Cuts the connections for which `chosen` returns true. */
  cut(how: Cut, chosen: () => boolean = () => true): void {
    for (const connection of this.#connections) {
      if (!chosen()) continue;
      if (how === "now") connection.close();
      else connection.cutNext = how;
    }
  }

  /** Loses whatever the present connections carry from now on, without closing them; new ones work. */
  blackhole(): void {
    for (const connection of this.#connections) connection.blackholed = true;
  }

  /** Cuts the next `count` connections in the middle of their first bytes. */
  refuse(count: number): void {
    this.#refused = count;
  }

  /** Holds back everything in both directions until {@link resume}. */
  stall(): void {
    this.#stalled ??= Promise.withResolvers<void>();
  }

  /** Ends a {@link stall}: what was held back is forwarded. */
  resume(): void {
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }

  /** Holds new connections back until {@link admit}. */
  hold(): void {
    this.#held ??= [];
  }

  /** Forwards the connections that were held back, the newest first. */
  async admit(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const enter of held.reverse()) {
      enter();
      await new Promise((resolve) => setTimeout(resolve, BACKLOG_MS));
    }
  }

  /** Ends every fault. */
  async heal(): Promise<void> {
    this.#delay = 0;
    this.#refused = 0;
    for (const connection of this.#connections) connection.cutNext = undefined;
    this.resume();
    await this.admit();
  }

  /** Closes the listener and all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    await this.heal();
    this.cut("now");
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        const client = await this.#listener.accept();
        if (this.#held) this.#held.push(() => this.#forward(client));
        else this.#forward(client);
      } catch {
        if (this.#closed) return;
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN_MS));
      }
    }
  }

  async #forward(client: Deno.TcpConn): Promise<void> {
    const { hostname, port } = new URL(this.target);
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname, port: Number(port) });
    } catch {
      client.close();
      return;
    }
    if (this.#closed) {
      for (const end of [client, server]) end.close();
      return;
    }
    const connection = new Connection(client, server, () => this.#connections.delete(connection));
    if (this.#refused > 0) {
      this.#refused--;
      connection.cutNext = "half";
    }
    this.#connections.add(connection);
    connection.pump(async () => {
      await this.#stalled?.promise;
      if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    });
  }
}

/** A connection through the proxy. */
class Connection {
  /** Whether everything that is sent is lost. */
  blackholed = false;
  /** How it is cut with the next bytes. */
  cutNext: Exclude<Cut, "now"> | undefined;
  readonly #client: Deno.TcpConn;
  readonly #server: Deno.TcpConn;
  readonly #onClose: () => void;
  #closed = false;

  constructor(client: Deno.TcpConn, server: Deno.TcpConn, onClose: () => void) {
    this.#client = client;
    this.#server = server;
    this.#onClose = onClose;
    for (const end of [client, server]) end.setNoDelay(true);
  }

  /** Forwards chunks in both directions, each once `mayPass` resolves. */
  pump(mayPass: () => Promise<void>): void {
    this.#forward(this.#client, this.#server, false, mayPass);
    this.#forward(this.#server, this.#client, true, mayPass);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const end of [this.#client, this.#server]) end.close();
    this.#onClose();
  }

  async #forward(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    isAnswer: boolean,
    mayPass: () => Promise<void>,
  ): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      while (true) {
        const count = await from.read(buffer);
        if (count === null) break;
        await mayPass();
        if (this.blackholed) continue;
        if (this.cutNext === "answer" && isAnswer) break;
        const isHalf = this.cutNext === "half";
        await writeAll(to, buffer.subarray(0, isHalf ? Math.ceil(count / 2) : count));
        if (isHalf) break;
      }
    } catch {
      // The other end is closed.
    }
    this.close();
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += await conn.write(bytes.subarray(from));
}
