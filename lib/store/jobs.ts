/**
 * Durable jobs: work that follows a commit. A job is written in the commit that it follows, and done at least once, by one
 * instance, sooner or later.
 *
 * It stands under the time at which it's due. Who takes it moves it to the end of a lease, so it's due again where that
 * instance dies. A job that fails is tried again later; one that keeps failing becomes a dead letter.
 * @module
 */
import type { z } from "zod";
import { logger, ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import { type Job, keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";

/** A kind of job. */
export interface JobKind<T> {
  readonly name: string;
  /** The shape of what a job of this kind is about. */
  readonly payload: z.ZodType<T>;
}

/**
 * Does a job. It may be called again for a job that was done in part, or done and not noted.
 *
 * @param signal Aborts where the work has to stop: the process ends, or the lease does.
 */
export type JobHandler<T> = (payload: T, signal: AbortSignal) => Promise<void>;

/** How jobs are done; times in milliseconds. */
export interface JobsOptions {
  /** How often it's looked for what other instances left. */
  readonly lookEvery?: number;
  readonly lease?: number;
  /** Wait before the second try; it doubles with each. */
  readonly backoff?: number;
  readonly now?: () => number;
}

/** A job that this instance has taken. */
interface Taken {
  readonly id: string;
  readonly job: Job;
  readonly leasedUntil: number;
}

/** Tries before a job becomes a dead letter. */
export const TRIES_MAX = 10;
const BACKOFF_MAX_MS = 3_600_000;
/** Jobs that are done at once. */
const AT_ONCE = 4;
const LISTED = 1_000;
const blind = new ThrottledWarning("Cannot look for jobs");
const retried = new ThrottledWarning("A job failed and is tried again");

/** The jobs of this instance. */
export class Jobs {
  readonly #store: Store;
  readonly #lookEvery: number;
  readonly #lease: number;
  readonly #backoff: number;
  readonly #now: () => number;
  readonly #handlers = new Map<string, JobHandler<unknown>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #looking: Promise<void> | undefined;
  /** Something was enqueued while it was looked. */
  #missed = false;
  #started = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Nothing is done before {@link start}. */
  constructor(
    store: Store,
    { lookEvery = 5_000, lease = 120_000, backoff = 1_000, now = Date.now }: JobsOptions = {},
  ) {
    this.#store = store;
    this.#lookEvery = lookEvery;
    this.#lease = lease;
    this.#backoff = backoff;
    this.#now = now;
  }

  /** Says how jobs of a kind are done. Jobs of other kinds are left to instances that know them. */
  handle<T>({ name, payload: schema }: JobKind<T>, handler: JobHandler<T>): void {
    this.#handlers.set(name, async (payload, signal) => await handler(schema.parse(payload), signal));
  }

  /** A mutation that makes a job follow its commit. */
  enqueue<T>({ name: kind }: JobKind<T>, payload: T): Mutation {
    const job: Job = { kind, payload, tries: 0, createdAt: this.#now() };
    return { ...put(keys.job(job.createdAt, crypto.randomUUID()), job), committed: () => this.#wake() };
  }

  /** Begins to do jobs. */
  start(): void {
    this.#started = true;
    this.#wake();
  }

  /** Resolves once nothing that is due is left to this instance. */
  async idle(): Promise<void> {
    while (this.#looking || this.#running.size > 0) await Promise.all([this.#looking, ...this.#running.values()]);
  }

  /** Takes no more jobs, and resolves once those under way have stopped; others do the rest. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The process ends."));
    clearTimeout(this.#timer);
    await this.idle();
  }

  #wake(): void {
    if (!this.#started || this.#closing.signal.aborted) return;
    if (this.#looking) this.#missed = true;
    else this.#looking = this.#look();
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    let next = this.#now() + this.#lookEvery;
    try {
      do {
        this.#missed = false;
        next = await this.#takeDue();
      } while (this.#missed);
    } catch (error) {
      blind.warn({}, error);
    }
    this.#looking = undefined;
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, next - this.#now()));
    Deno.unrefTimer(this.#timer);
  }

  /** Begins what is due, and returns when to look again. */
  async #takeDue(): Promise<number> {
    let waiting = 0, dead = 0, next = this.#now() + this.#lookEvery * (0.75 + Math.random() / 2);
    for await (const { key: [, due, id], value: { kind } } of this.#store.list(keys.job.under(), { limit: LISTED })) {
      waiting++;
      if (!this.#handlers.has(kind) || this.#closing.signal.aborted) continue;
      if (Number(due) > this.#now()) next = Math.min(next, Number(due));
      else if (this.#running.size < AT_ONCE) await this.#take(Number(due), String(id));
    }
    for await (const _ of this.#store.list(keys.deadJob.under(), { limit: LISTED })) dead++;
    [metrics.jobsWaiting, metrics.jobsDead] = [waiting, dead];
    return next;
  }

  async #take(due: number, id: string): Promise<void> {
    const key = keys.job(due, id), { value, versionstamp } = await this.#store.get(key);
    if (!value) return;
    const job = { ...value, tries: value.tries + 1 }, leasedUntil = this.#now() + this.#lease;
    const taken = await this.#store.commit(
      [{ key: key.path, versionstamp }],
      [remove(key), put(keys.job(leasedUntil, id), job)],
    );
    if (taken === null) return;
    const running = this.#run({ id, job, leasedUntil }).finally(() => {
      this.#running.delete(id);
      this.#wake();
    });
    this.#running.set(id, running);
  }

  async #run(taken: Taken): Promise<void> {
    const { job: { kind, payload, tries } } = taken, lease = new AbortController();
    const timer = setTimeout(() => lease.abort(new Error("The job's lease has ended.")), this.#lease);
    try {
      // One that ended its process each time was never answered.
      if (tries > TRIES_MAX) throw new Error("The job never ended.");
      await this.#handlers.get(kind)?.(payload, AbortSignal.any([this.#closing.signal, lease.signal]));
      await this.#settle(taken, "done", []);
    } catch (error) {
      await this.#failed(taken, error).catch((error) => retried.warn({ kind, tries }, error));
    } finally {
      clearTimeout(timer);
    }
  }

  async #failed(taken: Taken, error: unknown): Promise<void> {
    const { id, job } = taken, { kind, tries } = job;
    if (this.#closing.signal.aborted) {
      return await this.#settle(taken, undefined, [put(keys.job(this.#now(), id), { ...job, tries: tries - 1 })]);
    }
    const failed = { ...job, error: String(error) };
    if (tries >= TRIES_MAX) {
      logger.error("A job failed for good: it stays as a dead letter", { kind, id, tries }, error);
      return await this.#settle(taken, "dead", [put(keys.deadJob(id), failed)]);
    }
    retried.warn({ kind, tries }, error);
    const wait = Math.min(this.#backoff * 2 ** (tries - 1), BACKOFF_MAX_MS) * (0.5 + Math.random());
    await this.#settle(taken, "failed", [put(keys.job(Math.ceil(this.#now() + wait), id), failed)]);
  }

  /** Ends the lease, unless it has run out and another instance has the job. */
  async #settle({ id, job, leasedUntil }: Taken, outcome: string | undefined, after: Mutation[]): Promise<void> {
    const key = keys.job(leasedUntil, id);
    const { value, versionstamp } = await this.#store.get(key);
    if (value && await this.#store.commit([{ key: key.path, versionstamp }], [remove(key), ...after]) && outcome) {
      metrics.jobDone(job.kind, outcome);
    }
  }
}
