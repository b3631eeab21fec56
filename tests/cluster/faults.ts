/**
 * What goes wrong, and when: a plan that follows from a seed.
 * @module
 */
import type { Cut } from "@/tests/cluster/wire.ts";

/** Something that goes wrong; with `lasts`, in milliseconds, it is put right again after that. */
export type Fault =
  /** An instance is killed with -9, or the store; started again after that. */
  | { readonly type: "kill"; readonly instance: number; readonly lasts: number }
  | { readonly type: "kill store"; readonly lasts: number }
  /** An instance is stopped, or the store, and goes on as if no time had passed. */
  | { readonly type: "freeze"; readonly instance: number; readonly lasts: number }
  | { readonly type: "freeze store"; readonly lasts: number }
  /** An instance is asked to end; started again when it has. */
  | { readonly type: "replace"; readonly instance: number }
  /** Connections are cut: a share of those of people, or of those to the store. */
  | { readonly type: "cut"; readonly instance: number; readonly side: Side; readonly how: Cut; readonly share: number }
  /** The next to come are cut off in their first words. */
  | { readonly type: "refuse"; readonly instance: number; readonly count: number }
  /** Nothing passes, and nobody is told. People seem to read no more, and the store to think. */
  | { readonly type: "silence"; readonly instance: number; readonly side: Side; readonly lasts: number }
  | {
    readonly type: "delay";
    readonly instance: number;
    readonly side: Side;
    readonly by: number;
    readonly lasts: number;
  }
  /** Who knocks is let in later, the last first. */
  | { readonly type: "jumble"; readonly instance: number; readonly lasts: number }
  /** The clock of an instance goes forward or back an hour. */
  | { readonly type: "clock"; readonly instance: number; readonly forward: boolean }
  | { readonly type: "full disk"; readonly lasts: number };

/** Which connections: those of people to an instance, or its own to the store. */
export type Side = "people" | "store";

/** A fault, and how long after the one before, in milliseconds. */
export interface Planned {
  readonly after: number;
  readonly fault: Fault;
}

/** What a plan is made for. */
export interface Circumstances {
  readonly instances: number;
  /** Whether the store is a server of its own, which can be killed and be cut off. */
  readonly hasServer: boolean;
  /** Between two faults, on average, in milliseconds. */
  readonly pause: number;
  /** The longest time for which anything is wrong, in milliseconds. */
  readonly longest: number;
}

/** Rounds in each of which everything goes wrong once, in an order of its own. */
export function planOf(random: () => number, rounds: number, circumstances: Circumstances): Planned[] {
  return Array.from({ length: rounds }, () => round(random, circumstances)).flat();
}

function round(random: () => number, { instances, hasServer, pause, longest }: Circumstances): Planned[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = () => below(instances), lasts = () => Math.round(longest * (0.2 + 0.8 * random()));
  const cuts: readonly Cut[] = ["now", "half", "answer"];
  const faults: Fault[] = [
    { type: "kill", instance: one(), lasts: Math.round(lasts() / 4) },
    { type: "replace", instance: one() },
    { type: "freeze", instance: one(), lasts: longest },
    ...cuts.map((how): Fault => ({ type: "cut", instance: one(), side: "people", how, share: random() })),
    { type: "refuse", instance: one(), count: 1 + below(5) },
    { type: "silence", instance: one(), side: "people", lasts: lasts() },
    { type: "delay", instance: one(), side: "people", by: 5 + below(200), lasts: lasts() },
    { type: "jumble", instance: one(), lasts: Math.round(lasts() / 4) },
    { type: "clock", instance: one(), forward: true },
    { type: "clock", instance: one(), forward: random() < 0.3 },
    { type: "full disk", lasts: Math.round(lasts() / 2) },
  ];
  if (hasServer) {
    faults.push(
      { type: "kill store", lasts: Math.round(lasts() / 2) },
      { type: "freeze store", lasts: longest },
      ...cuts.map((how): Fault => ({ type: "cut", instance: one(), side: "store", how, share: random() })),
      { type: "cut", instance: one(), side: "store", how: "answer", share: 1 },
      { type: "silence", instance: one(), side: "store", lasts: Math.round(lasts() / 2) },
      { type: "delay", instance: one(), side: "store", by: 5 + below(100), lasts: lasts() },
    );
  }
  for (let index = faults.length - 1; index > 0; index--) {
    const other = below(index + 1);
    [faults[index], faults[other]] = [faults[other]!, faults[index]!];
  }
  return faults.map((fault) => ({ after: Math.round(pause * 2 * random()), fault }));
}
