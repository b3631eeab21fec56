/**
 * The account whose settings a page is about.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { State } from "@/lib/http/state.ts";
import type { Account } from "@/lib/model/account.ts";

/**
 * The account of whoever asks.
 *
 * @throws {ChatError} `sign_in` for guests and strangers, or where it has just gone; `forbidden` for a token that may not.
 */
export async function ownAccount({ state: { chat, actor } }: Context<State>): Promise<Account> {
  const account = await chat.accounts.get(chat.permissions.requireAccount(actor, "account").id);
  if (!account) throw new ChatError("sign_in", "This account is gone: sign in with another.");
  return account;
}
