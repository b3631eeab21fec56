/**
 * Rights as of a commit: what an append has to know, so that its `build` can ask the policy.
 * @module
 */
import { accountOf, type Actor, type RoomAccess } from "@/lib/chat/policy.ts";
import type { Append, Context } from "@/lib/store/log/append.ts";

const NOBODY: readonly string[] = [];

/**
 * The parts of an append that let its `build` ask for the actor's rights, and hold its commit to the actor's session.
 *
 * @param others Ids of accounts whose roles `build` sees too.
 */
export function rightsOf(actor: Actor, others: readonly string[] = NOBODY): Pick<Append, "members" | "guard"> {
  const account = accountOf(actor);
  return { members: account ? [account.id, ...others] : others, guard: actor?.guard ?? undefined };
}

/** What the actor is in a room, as of the commit. */
export function accessIn(actor: Actor, { room, roles }: Pick<Context, "room" | "roles">): RoomAccess {
  const account = accountOf(actor);
  return { actor, room, role: account && (roles.get(account.id) ?? null) };
}
