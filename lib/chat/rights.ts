/**
 * Rights as of a commit: what an append has to know, so that its `build` can ask the policy, and what other commits check.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { accountOf, type Actor, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import type { Account } from "@/lib/model/account.ts";
import type { Check } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Change, Store } from "@/lib/store/kv.ts";
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

/**
 * What a commit outside the log checks of the actor's session, read anew; nothing for a guest.
 *
 * @throws {ChatError} `sign_in` where the session has ended.
 */
export async function sessionChecks(actor: Actor): Promise<Check[]> {
  await actor?.guard?.refresh();
  return actor?.guard ? [actor.guard.check] : [];
}

/** What the actor is in a room, as of the commit. */
export function accessIn(actor: Actor, { room, roles }: Pick<Context, "room" | "roles">): RoomAccess {
  const account = accountOf(actor);
  return { actor, room, role: account && (roles.get(account.id) ?? null) };
}

/**
 * Updates the account that asks, if the session that asks still counts at the commit.
 *
 * @param change Called again after a conflict.
 * @returns What `change` returned last.
 * @throws {ChatError} `sign_in` where there is no account, or its session has ended; `forbidden` for a token that isn't
 * good for that; what `change` throws.
 */
export async function updateOwnAccount<Changed extends Change<Account>>(
  store: Store,
  actor: Actor,
  change: (account: Account) => Changed | Promise<Changed>,
): Promise<Changed> {
  const { id } = requireAccount(actor, "account");
  return await store.update(keys.account(id), async (account) => {
    const held = await sessionChecks(actor);
    if (!account) throw sessionEnded();
    const changed = await change(account);
    return { ...changed, checks: [...changed.checks ?? [], ...held] };
  });
}

/** The refusal of a session that has ended. */
export function sessionEnded(): ChatError {
  return new ChatError("sign_in", "Your session has ended. Sign in again.");
}
