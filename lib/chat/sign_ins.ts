/**
 * Signing in: a session for a browser, an access token for a program.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { AccessTokens } from "@/lib/chat/access_tokens.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import { sessionEnded } from "@/lib/chat/rights.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import { networkOf } from "@/lib/chat/rate_limiter.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import type { Account } from "@/lib/model/account.ts";

/** An access token, and the seconds for which it is valid. */
export interface Grant {
  readonly token: string;
  readonly expiresIn: number;
}

/** An account that signed in. */
export interface SignedIn extends Grant {
  readonly account: Account;
}

/** Signs people in. */
export class SignIns {
  /** @param countsAttempts Whether attempts are limited. */
  constructor(
    private readonly credentials: Credentials,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    private readonly countsAttempts: boolean,
  ) {}

  /** The account with this name and password. Throws {@link ChatError} as `Credentials.check` does. */
  check(name: string, password: string, address: string): Promise<Account> {
    return this.credentials.check(name, password, this.countsAttempts ? networkOf(address) : undefined);
  }

  /** Opens a session for a browser; `secret` goes into its cookie. */
  async open(account: Account, label: string): Promise<SignedIn & { readonly secret: string }> {
    const { secret, session } = await this.sessions.open(account, label);
    return { account, secret, ...await this.tokens.sign({ account: account.id, session: session.id }) };
  }

  /** Opens the session of a program, or uses the one that it has. */
  async openProgram(account: Account, label: string): Promise<SignedIn> {
    const session = await this.sessions.openProgram(account, label);
    return { account, ...await this.tokens.sign({ account: account.id, session: session.id }) };
  }

  /**
   * Another access token for the actor's session.
   *
   * @throws {ChatError} `sign_in` where the session has ended, `forbidden` for a personal access token.
   */
  async refresh(actor: Actor): Promise<Grant> {
    const { id: account } = requireAccount(actor, "account");
    const session = (await this.sessions.list(account)).find(({ id }) => id === actor?.session);
    if (!session) throw sessionEnded();
    if (session.kind === "token") {
      throw new ChatError("forbidden", "A personal access token can't be refreshed. Sign in with your password.");
    }
    return await this.tokens.sign({ account, session: session.id });
  }
}
