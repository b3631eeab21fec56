/**
 * The bell of an account: a watched key that says that there is something new for this person, never what.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";

/** Rings for an account, in the commit that it is about. */
export function notify(account: string): Mutation {
  return put(keys.signal(account), crypto.randomUUID());
}
