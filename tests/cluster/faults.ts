/**
 * Faults, and plans of them that follow from a seed.
 * @module
 */
import type { Cut } from "@/tests/cluster/faulty_proxy.ts";

/** Something to inject; with `lasts`, in milliseconds, it is healed after that. */
export type Fault =
  /** An instance or the store is killed with -9, and started again after that. */
  | { readonly type: "kill"; readonly instance: number; readonly lasts: number }
  | { readonly type: "kill store"; readonly lasts: number }
  /** An instance or the store is stopped, and goes on as if no time had passed. */
  | { readonly type: "freeze"; readonly instance: number; readonly lasts: number }
  | { readonly type: "freeze store"; readonly lasts: number }
  /** An instance is asked to end, and started again when it has. */
  | { readonly type: "replace"; readonly instance: number }
  /** A share of the connections is cut. */
  | { readonly type: "cut"; readonly instance: number; readonly side: Side; readonly how: Cut; readonly share: number }
  /** The next connections of clients are cut in the middle of their first bytes. */
  | { readonly type: "refuse"; readonly instance: number; readonly count: number }
  /** Nothing is forwarded, and no connection is closed. */
  | { readonly type: "stall"; readonly instance: number; readonly side: Side; readonly lasts: number }
  | {
    readonly type: "delay";
    readonly instance: number;
    readonly side: Side;
    /** Latency, in milliseconds. */
    readonly by: number;
    readonly lasts: number;
  }
  /** New connections of clients are held back, and then forwarded, the newest first. */
  | { readonly type: "reorder"; readonly instance: number; readonly lasts: number }
  /** The clock of an instance is set an hour forward or back. */
  | { readonly type: "clock"; readonly instance: number; readonly forward: boolean }
  | { readonly type: "full disk"; readonly lasts: number };

/** Which connections of an instance: those of its clients, or its own to the store. */
export type Side = "clients" | "store";

/** A fault, and how long after the one before it is injected, in milliseconds. */
export interface Planned {
  readonly after: number;
  readonly fault: Fault;
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly instances: number;
  /** Whether the store is a server of its own, which can be killed and cut off. */
  readonly hasServer: boolean;
  /** The mean time between two faults, in milliseconds. */
  readonly pause: number;
  /** The longest time that a fault lasts, in milliseconds. */
  readonly longest: number;
}

/** Rounds of every kind of fault, each in an order of its own. */
export function planOf(random: () => number, rounds: number, options: PlanOptions): Planned[] {
  return Array.from({ length: rounds }, () => round(random, options)).flat();
}

function round(random: () => number, { instances, hasServer, pause, longest }: PlanOptions): Planned[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = () => below(instances), lasts = () => Math.round(longest * (0.2 + 0.8 * random()));
  const cuts: readonly Cut[] = ["now", "half", "answer"];
  const faults: Fault[] = [
    { type: "kill", instance: one(), lasts: Math.round(lasts() / 4) },
    { type: "replace", instance: one() },
    { type: "freeze", instance: one(), lasts: longest },
    ...cuts.map((how): Fault => ({ type: "cut", instance: one(), side: "clients", how, share: random() })),
    { type: "refuse", instance: one(), count: 1 + below(5) },
    { type: "stall", instance: one(), side: "clients", lasts: lasts() },
    { type: "delay", instance: one(), side: "clients", by: 5 + below(200), lasts: lasts() },
    { type: "reorder", instance: one(), lasts: Math.round(lasts() / 4) },
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
      { type: "stall", instance: one(), side: "store", lasts: Math.round(lasts() / 2) },
      { type: "delay", instance: one(), side: "store", by: 5 + below(100), lasts: lasts() },
    );
  }
  for (let index = faults.length - 1; index > 0; index--) {
    const other = below(index + 1);
    [faults[index], faults[other]] = [faults[other]!, faults[index]!];
  }
  return faults.map((fault) => ({ after: Math.round(pause * 2 * random()), fault }));
}
