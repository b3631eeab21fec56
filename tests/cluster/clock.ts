/**
 * A clock that a test sets: SIGWINCH puts it an hour back, SIGUSR2 an hour forward. Each isolate of the program loads this
 * module in place of its logger (`module_overrides.ts`), and so has a clock of its own with the same time.
 * @module
 */
export * from "@/lib/logger.ts";

const HOUR_MS = 3_600_000;
const trueNow = Date.now;
let ahead = 0;

Date.now = () => trueNow() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (date, given) => given.length === 0 ? new date(date.now()) : Reflect.construct(date, given),
  apply: (date) => new date(date.now()).toString(),
});
Deno.addSignalListener("SIGWINCH", () => ahead -= HOUR_MS);
Deno.addSignalListener("SIGUSR2", () => ahead += HOUR_MS);
