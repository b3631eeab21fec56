/**
 * The signal of an account: a watched key that changes when there is something new for this person. It never says what.
 * @module
 */
import { type Mutation, put } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";

/** Signals an account, in the commit that is news for it. */
export function notify(account: string): Mutation {
  return put(keys.signal(account), crypto.randomUUID());
}
