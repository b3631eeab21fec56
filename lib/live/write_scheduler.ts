/**
 * The queue of frames on their way to sockets, written in order, a number per turn of the event loop. The runtime writes
 * to its sockets between turns: of thousands of frames that are handed over in one turn most have left the processor's
 * caches by then, and each costs a fifth more.
 * @module
 */
import { setImmediate } from "node:timers";

/** A socket that frames are written to. */
export interface Writable {
  /** Hands the frame to the runtime. */
  write(frame: string): void;
}

/** Frames per turn. */
const FRAMES_PER_TURN = 200;
/** Low-water mark: commits resume below this queue length. */
const LOW_WATER = 2 * FRAMES_PER_TURN;
/** High-water mark: with more than this queued all of it is written at once, which holds up whatever causes so much. */
const HIGH_WATER = 20_000;
/** Written frames are dropped from the queue in steps of this many. */
const WRITTEN_MAX = 4_096;

interface Queued {
  readonly socket: Writable;
  readonly frame: string;
}

/** Frames, and callbacks for once those before them are written. */
export class WriteScheduler {
  #budget = FRAMES_PER_TURN;
  #queue: (Queued | (() => void))[] = [];
  /** Index of the first in the queue that isn't written. */
  #next = 0;
  #low: PromiseWithResolvers<void> | undefined;

  /** Writes a frame, at once or after those that are queued. */
  send(socket: Writable, frame: string): void {
    if (this.#budget > 0 && this.#queue.length === 0) return this.#write(socket, frame);
    this.#queue.push({ socket, frame });
    if (this.#length > HIGH_WATER) this.#flush();
  }

  /** Calls back once all frames until now are written; at once where none is queued. */
  afterFlush(act: () => void): void {
    if (this.#queue.length > 0) this.#queue.push(act);
    else act();
  }

  /** Resolves once the queue is below the low-water mark; undefined where it is. */
  lowWater(): Promise<void> | undefined {
    if (this.#length > LOW_WATER) return (this.#low ??= Promise.withResolvers<void>()).promise;
  }

  get #length(): number {
    return this.#queue.length - this.#next;
  }

  #write(socket: Writable, frame: string): void {
    if (--this.#budget === 0) setImmediate(() => this.#turn());
    socket.write(frame);
  }

  #turn(): void {
    this.#budget = FRAMES_PER_TURN;
    this.#flush(() => this.#budget > 0);
  }

  #flush(may: () => boolean = () => true): void {
    while (this.#next < this.#queue.length && may()) {
      const waiting = this.#queue[this.#next++]!;
      if (typeof waiting === "function") waiting();
      else this.#write(waiting.socket, waiting.frame);
    }
    if (this.#low && this.#length <= LOW_WATER) {
      this.#low.resolve();
      this.#low = undefined;
    }
    if (this.#length === 0 || this.#next > WRITTEN_MAX) {
      this.#queue = this.#queue.slice(this.#next);
      this.#next = 0;
    }
  }
}
