import { ChatError } from "@/lib/errors.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import type { Account } from "@/lib/model/account.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Change, Store } from "@/lib/store/kv.ts";

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
    await actor?.guard?.refresh();
    if (!account) throw sessionEnded();
    const changed = await change(account), { checks = [] } = changed;
    return { ...changed, checks: actor?.guard ? [...checks, actor.guard.check] : checks };
  });
}

/** The refusal of a session that has ended. */
export function sessionEnded(): ChatError {
  return new ChatError("sign_in", "Your session has ended. Sign in again.");
}
