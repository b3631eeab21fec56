/**
 * The metrics of this isolate: plain numbers, so that counting costs next to nothing. `/metrics` reads them.
 * @module
 */

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Up to what a group can have. */
const ENTRIES = [1, 2, 5, 10, 20, 50, 100, 200, 400];

/** A histogram: how often a value was at most each bound, and the sum. */
export class Histogram {
  /** How often a value was at most the bound of the same index and above the one before; the last is for the rest. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds In ascending order. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  /** Counts a value that came `times` times. */
  observe(value: number, times = 1): void {
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index++;
    counts[index]! += times;
    this.sum += value * times;
  }
}

/** The counters of one isolate. They only grow. */
class Metrics {
  /** When the process began, in milliseconds since 1970. A worker gets it from the isolate that starts it. */
  startedAt = performance.timeOrigin;
  /** Commits to the store of any kind, from the call to the answer. */
  readonly commitSeconds = new Histogram(SECONDS);
  /** Entries that went together in one commit. */
  readonly commitEntries = new Histogram(ENTRIES);
  /** From an entry's date, which it gets before its commit, until it has been written to the sockets that are here. */
  readonly deliverySeconds = new Histogram(SECONDS);
  /** Commits that failed as another instance was faster. */
  conflicts = 0;
  /** Clients that reconnected and got what they had missed. */
  resumes = 0;
  /** Clients that reconnected and had to start anew. */
  resets = 0;
  /** Sockets closed as their clients read too slowly. */
  slowReaders = 0;
  /** Sign-ins with a wrong name or password. */
  failedSignIns = 0;
  /** Jobs that wait or are under way, of all instances, when it was last looked. */
  jobsWaiting = 0;
  /** Jobs that failed for good. */
  jobsDead = 0;
  /** How jobs ended, by kind and outcome. */
  readonly jobs = new Map<string, { readonly kind: string; readonly outcome: string; count: number }>();
  /** HTTP responses, by the hundreds of their status. */
  readonly responses = [0, 0, 0, 0, 0, 0];
  /** Refusals, by the code of their error. */
  readonly refusals = new Map<string, number>();

  /** Counts a job that ended. */
  jobDone(kind: string, outcome: string): void {
    const name = `${kind} ${outcome}`, known = this.jobs.get(name);
    if (known) known.count++;
    else this.jobs.set(name, { kind, outcome, count: 1 });
  }

  /** Counts a refusal. */
  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** Seconds since the process began, by a monotonic clock. */
  get uptime(): number {
    return (performance.timeOrigin + performance.now() - this.startedAt) / 1000;
  }
}

/** What this isolate has counted. */
export const metrics: Metrics = new Metrics();
