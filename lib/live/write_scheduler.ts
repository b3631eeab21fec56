/**
 * The way out of all sockets' frames, in order, so many in a turn of the event loop. The runtime writes to its sockets
 * between turns: of thousands of frames that are handed over at once most have left the processor's caches when they are
 * written, and each then costs a fifth more.
 * @module
 */
import { setImmediate } from "node:timers";

/** Who hands a frame to its socket. */
export interface Writable {
  /** Gives the frame to the runtime now. */
  write(frame: string): void;
}

/** Frames that are handed over in one turn. */
const FRAMES_A_TURN = 200;
/** So few go while something else is waited for. */
const NEARLY_EMPTY = 2 * FRAMES_A_TURN;
/** With more than this waiting, all go at once, and nothing else is done meanwhile: whoever says so much has to wait. */
const WAITING_MAX = 20_000;
/** What has gone is forgotten in steps of so many. */
const GONE_MAX = 4_096;

interface Waiting {
  readonly sender: Writable;
  readonly frame: string;
}

/** Frames, and what is to be done once those before it have gone. */
export class WriteScheduler {
  #left = FRAMES_A_TURN;
  #waiting: (Waiting | (() => void))[] = [];
  /** Of what waits the first that has not gone. */
  #next = 0;
  #low: PromiseWithResolvers<void> | undefined;

  /** Hands a frame over, at once or behind those that wait. */
  send(sender: Writable, frame: string): void {
    if (this.#left > 0 && this.#waiting.length === 0) return this.#handOver(sender, frame);
    this.#waiting.push({ sender, frame });
    if (this.#length > WAITING_MAX) this.#empty();
  }

  /** Does something once all frames until now have gone; at once where none waits. */
  afterFlush(act: () => void): void {
    if (this.#waiting.length > 0) this.#waiting.push(act);
    else act();
  }

  /** Resolves once no more waits than goes in two turns; undefined where that is so. */
  lowWater(): Promise<void> | undefined {
    if (this.#length > NEARLY_EMPTY) return (this.#low ??= Promise.withResolvers<void>()).promise;
  }

  get #length(): number {
    return this.#waiting.length - this.#next;
  }

  #handOver(sender: Writable, frame: string): void {
    if (--this.#left === 0) setImmediate(() => this.#turn());
    sender.write(frame);
  }

  #turn(): void {
    this.#left = FRAMES_A_TURN;
    this.#empty(() => this.#left > 0);
  }

  #empty(may: () => boolean = () => true): void {
    while (this.#next < this.#waiting.length && may()) {
      const waiting = this.#waiting[this.#next++]!;
      if (typeof waiting === "function") waiting();
      else this.#handOver(waiting.sender, waiting.frame);
    }
    if (this.#low && this.#length <= NEARLY_EMPTY) {
      this.#low.resolve();
      this.#low = undefined;
    }
    if (this.#length === 0 || this.#next > GONE_MAX) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
  }
}
