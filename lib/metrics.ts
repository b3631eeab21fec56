/**
 * What this isolate counts while it works: plain numbers, so that counting costs next to nothing. Whoever wants to know
 * reads them; `/metrics` does.
 * @module
 */

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** As many as a group may have. */
const ENTRIES = [1, 2, 5, 10, 20, 50, 100, 200, 400];

/** How often a value was at most each bound, their sum and their number. */
export class Histogram {
  /** How often the value was at most the bound of the same index, and more than the one before; the last is for the rest. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds In ascending order. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array(bounds.length + 1).fill(0);
  }

  /** Counts a value, which came so often. */
  observe(value: number, times = 1): void {
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index++;
    counts[index]! += times;
    this.sum += value * times;
  }
}

/** The counters of one isolate; they only grow. */
class Metrics {
  /** When the process began, in milliseconds since 1970; an isolate that another one started is told. */
  startedAt = performance.timeOrigin;
  /** Commits to the store of any kind, from the call to the answer. */
  readonly commitSeconds = new Histogram(SECONDS);
  /** Entries that went together in one commit. */
  readonly commitEntries = new Histogram(ENTRIES);
  /** From an entry's date, which it gets before its commit, until it has been written to the sockets that are here. */
  readonly deliverySeconds = new Histogram(SECONDS);
  /** Commits that another instance was faster than. */
  conflicts = 0;
  /** Clients that came back and got what they had missed. */
  resumes = 0;
  /** Clients that came back and had to start anew. */
  resets = 0;
  /** Sockets closed as their clients did not read. */
  slowReaders = 0;
  /** Tries to sign in with a wrong name or password. */
  failedSignIns = 0;
  /** Jobs that wait or are under way, of all instances, when it was last looked. */
  jobsWaiting = 0;
  /** Jobs that failed for good. */
  jobsDead = 0;
  /** How jobs ended, by kind and outcome. */
  readonly jobs = new Map<string, { readonly kind: string; readonly outcome: string; count: number }>();
  /** Answers to HTTP requests, by the hundreds of their status. */
  readonly responses = [0, 0, 0, 0, 0, 0];
  /** Refusals that programs were told, by the code of their error. */
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

  /** Seconds for which the process runs, by a clock that nobody sets. */
  get uptime(): number {
    return (performance.timeOrigin + performance.now() - this.startedAt) / 1000;
  }
}

/** What this isolate has counted. */
export const metrics: Metrics = new Metrics();
