/**
 * A network that misbehaves when it is told to: a TCP proxy that delays, cuts, falls silent, and lets those who knock
 * together in by another order.
 * @module
 */

/**
 * How a connection is cut: at once; in the middle of what is sent next in either direction; or instead of the next
 * answer, so that what was asked has happened and nobody is told.
 */
export type Cut = "now" | "half" | "answer";

const BACKLOG_MS = 20;
/** So long nobody is let in where there is no file left for another connection. */
const REST_MS = 100;

/** A proxy before one address. */
export class Wire implements AsyncDisposable {
  /** The address behind it, such as `http://127.0.0.1:8000`; another one counts for those who connect from then on. */
  target: string;
  readonly #listener: Deno.TcpListener;
  readonly #links = new Set<Link>();
  #delay = 0;
  #silence: PromiseWithResolvers<void> | undefined;
  #shy = 0;
  #closed = false;
  #crowd: { readonly conn: Deno.TcpConn; readonly enter: () => void }[] | undefined;

  /** Lets everybody through to an address. */
  constructor(target: string) {
    this.target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accept();
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** How long everything takes in addition, in milliseconds. */
  set delay(delay: number) {
    this.#delay = delay;
  }

  /** Cuts a connection for which `chosen` says so. */
  cut(how: Cut, chosen: () => boolean = () => true): void {
    for (const link of this.#links) {
      if (!chosen()) continue;
      if (how === "now") link.end();
      else link.doom = how;
    }
  }

  /** What there is passes nothing any more, and nobody is told; who connects anew gets through. */
  freeze(): void {
    for (const link of this.#links) link.frozen = true;
  }

  /** The next connections, so many, are cut in the middle of their first words. */
  refuse(count: number): void {
    this.#shy = count;
  }

  /** Nothing passes any more, and nobody is told; the same connections go on after {@link speak}. */
  hush(): void {
    this.#silence ??= Promise.withResolvers<void>();
  }

  /** Ends the silence. */
  speak(): void {
    this.#silence?.resolve();
    this.#silence = undefined;
  }

  /** Who knocks now waits, until {@link admit} lets the last in first. */
  hold(): void {
    this.#crowd ??= [];
  }

  /** Lets those in who wait, the last first. */
  async admit(): Promise<void> {
    const crowd = this.#crowd ?? [];
    this.#crowd = undefined;
    for (const { enter } of crowd.reverse()) {
      enter();
      await new Promise((resolve) => setTimeout(resolve, BACKLOG_MS));
    }
  }

  /** Everything passes again as it should. */
  async heal(): Promise<void> {
    this.#delay = 0;
    this.#shy = 0;
    for (const link of this.#links) link.doom = undefined;
    this.speak();
    await this.admit();
  }

  /** Cuts everything, and lets nobody in any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    await this.heal();
    this.cut("now");
  }

  async #accept(): Promise<void> {
    while (!this.#closed) {
      try {
        const conn = await this.#listener.accept();
        if (this.#crowd) this.#crowd.push({ conn, enter: () => this.#enter(conn) });
        else this.#enter(conn);
      } catch {
        if (this.#closed) return;
        // This process has too many files open, which passes.
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
      }
    }
  }

  async #enter(conn: Deno.TcpConn): Promise<void> {
    const { hostname, port } = new URL(this.target);
    let behind: Deno.TcpConn;
    try {
      behind = await Deno.connect({ hostname, port: Number(port) });
    } catch {
      conn.close();
      return;
    }
    if (this.#closed) {
      for (const end of [conn, behind]) end.close();
      return;
    }
    const link = new Link(conn, behind, () => this.#links.delete(link));
    if (this.#shy > 0) {
      this.#shy--;
      link.doom = "half";
    }
    this.#links.add(link);
    const pass = async () => {
      await this.#silence?.promise;
      if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
    };
    link.pump(pass);
  }
}

/** One connection through the wire. */
class Link {
  /** Whether all that is sent is lost. */
  frozen = false;
  /** What becomes of it with the next bytes. */
  doom: Exclude<Cut, "now"> | undefined;
  readonly #front: Deno.TcpConn;
  readonly #behind: Deno.TcpConn;
  readonly #onEnd: () => void;
  #ended = false;

  constructor(front: Deno.TcpConn, behind: Deno.TcpConn, onEnd: () => void) {
    this.#front = front;
    this.#behind = behind;
    this.#onEnd = onEnd;
    for (const conn of [front, behind]) conn.setNoDelay(true);
  }

  /** Passes bytes in both directions, each lot once `pass` allows it. */
  pump(pass: () => Promise<void>): void {
    this.#pass(this.#front, this.#behind, false, pass);
    this.#pass(this.#behind, this.#front, true, pass);
  }

  /** Cuts it. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const conn of [this.#front, this.#behind]) conn.close();
    this.#onEnd();
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, isAnswer: boolean, pass: () => Promise<void>): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      while (true) {
        const count = await from.read(buffer);
        if (count === null) break;
        await pass();
        if (this.frozen) continue;
        if (this.doom === "answer" && isAnswer) break;
        const isHalf = this.doom === "half";
        await writeAll(to, buffer.subarray(0, isHalf ? Math.ceil(count / 2) : count));
        if (isHalf) break;
      }
    } catch {
      // The other end is gone, and so is this one.
    }
    this.end();
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += await conn.write(bytes.subarray(from));
}
