/**
 * Posts and people to test with.
 * @module
 */
import type { Socket } from "@/lib/client/connection.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";

/** A guest; the id follows from the name. */
export function person(name: string): Person {
  return { id: name.toLowerCase().padEnd(24, "0"), name, guest: true };
}

/** A post of Maya's at `seq` seconds past noon, by default. */
export function post(seq: number, change: Partial<Post> = {}): Post {
  return {
    type: "post",
    seq,
    at: Date.UTC(2026, 0, 2, 12, 0, seq),
    by: person("Maya"),
    content: `message ${seq}`,
    editedAt: null,
    replyTo: null,
    pinned: false,
    reactions: [],
    ...change,
  };
}

/** Posts from one `seq` to another, both included. */
export function posts(from: number, to: number): Post[] {
  return Array.from({ length: to - from + 1 }, (_, index) => post(from + index));
}

/** The room that is always there. */
export const general: Room = {
  id: 1,
  name: "general",
  description: "",
  kind: "public",
  archived: false,
  createdAt: 0,
  createdBy: null,
};

interface SentFrame {
  readonly type: string;
  readonly nonce?: string;
  readonly after?: number;
  readonly epoch?: string;
  readonly seq?: number;
}

/** A socket whose other end is the test. */
export class FakeSocket extends EventTarget implements Socket {
  readonly sent: SentFrame[] = [];
  closed = false;

  /** Takes what the client sends. */
  send(text: string): void {
    this.sent.push(JSON.parse(text));
    this.dispatchEvent(new Event("sent"));
  }

  /** The next frame of a type that the client sends from now on. */
  next(type: string): Promise<SentFrame> {
    return new Promise((resolve) => {
      const look = () => {
        const frame = this.sent.at(-1);
        if (frame?.type !== type) return;
        this.removeEventListener("sent", look);
        resolve(frame);
      };
      this.addEventListener("sent", look);
    });
  }

  /** The client receives a frame. */
  receive(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  /** The client closes it. */
  close(): void {
    this.closed = true;
  }

  /** The server closes it. */
  end(code: number): void {
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

/** Storage that lives as long as the test. */
export class MemoryStorage {
  readonly #items = new Map<string, string>();
  /** Whether it takes nothing more. */
  full = false;

  /** What is kept under a key, or null. */
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  /** Keeps something; throws when full. */
  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException("no more room", "QuotaExceededError");
    this.#items.set(key, value);
  }

  /** Forgets something. */
  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** Lets everything that is ready to run, run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
