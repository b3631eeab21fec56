/**
 * What an account may do changes without its rooms' logs: a session ends, an admin disables it. A guard is what commits
 * check of that.
 * @module
 */
import type { Check } from "@/lib/store/commit.ts";
import type { Guard } from "@/lib/store/log/append.ts";

/** An account as of a version of its record, while a session of it counts. */
export interface AccountState {
  /** The version of the record. Whatever ends a session, or takes something away from the account, writes a new one. */
  readonly check: Check;
  /** Whether the account is an admin of the server. */
  readonly admin: boolean;
}

/** Lets commits hold only as long as a session counts. */
export class AccountGuard implements Guard {
  #state: AccountState;

  /** @param read Reads the session and its account as of one moment; throws {@link ChatError} `sign_in` where it has ended. */
  constructor(state: AccountState, private readonly read: () => Promise<AccountState>) {
    this.#state = state;
  }

  /** What a commit checks. */
  get check(): Check {
    return this.#state.check;
  }

  /** Whether the account is an admin of the server. */
  get admin(): boolean {
    return this.#state.admin;
  }

  /** Reads the account again. Throws {@link ChatError} `sign_in` where the session has ended. */
  async refresh(): Promise<void> {
    this.#state = await this.read();
  }
}
