/**
 * Accounts: registered, found, changed, disabled and deleted.
 * @module
 */
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";
import type { Files } from "@/lib/chat/files.ts";
import { hashPassword } from "@/lib/chat/passwords.ts";
import { SWEEP_SESSIONS } from "@/lib/chat/sessions.ts";
import { sessionChecks, updateOwnAccount } from "@/lib/chat/rights.ts";
import { type Actor, type Policy, requireAccount } from "@/lib/chat/policy.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Account } from "@/lib/model/account.ts";
import { type Check, type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import { username } from "@/lib/model/schema/text.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What a new account needs, parsed. */
export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly email?: string | null | undefined;
}

/** What people can change about themselves; what is absent stays. */
export interface Profile {
  readonly about?: string | undefined;
  readonly email?: string | null | undefined;
}

/** What belonged to a deleted account is removed. */
const SWEEP_ACCOUNT: JobKind<{ readonly account: string }> = {
  name: "sweep_account",
  payload: z.object({ account: z.string() }),
};
/** What accounts are searched for. */
export interface AccountSearch {
  /** A part of a name; "" for all. */
  readonly query: string;
  /** The id of the last account of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Whether disabled accounts are found too. */
  readonly disabled: boolean;
}

const SEARCHED_AT_ONCE = 200;

/** All accounts of a server. */
export class Accounts {
  /** @param onName Called when a name has been registered. */
  constructor(
    private readonly store: Store,
    private readonly jobs: Jobs,
    private readonly files: Files,
    private readonly policy: Policy,
    private readonly onName: (name: string) => void = () => undefined,
  ) {
    jobs.handle(SWEEP_ACCOUNT, async ({ account }, signal) => {
      for (const { under } of [keys.read, keys.mentions, keys.roomOf]) await store.sweep(under(account), signal);
    });
  }

  /**
   * Registers an account.
   *
   * @param isAdminIfFirst Whether the first account of a server is its admin.
   * @throws {ChatError} `name_taken`.
   */
  async register({ name, password, email = null }: NewAccount, isAdminIfFirst = true): Promise<Account> {
    const byName = keys.accountByName(fold(name)), founder = keys.founder();
    if (await this.isRegistered(name)) throw nameTaken();
    const hash = await hashPassword(password);
    const { account } = await this.store.update(keys.accountCounter(), async (count) => {
      const [taken, first] = await this.store.getMany([byName, founder]);
      if (taken!.value !== null) throw nameTaken();
      const admin = isAdminIfFirst && first!.value === null;
      const account: Account = {
        id: newPersonId(),
        name,
        email,
        about: "",
        avatar: null,
        admin,
        disabled: false,
        createdAt: Date.now(),
        generation: 0,
      };
      const checks: Check[] = [{ key: byName.path, versionstamp: null }];
      const mutations = [
        put(byName, account.id),
        put(keys.account(account.id), account),
        put(keys.password(account.id), hash),
      ];
      if (admin) {
        checks.push({ key: founder.path, versionstamp: null });
        mutations.push(put(founder, account.id));
      }
      return { value: (count ?? 0) + 1, checks, mutations, account };
    });
    this.onName(name);
    return account;
  }

  /** The account with this id, or null. */
  async get(id: string): Promise<Account | null> {
    return (await this.store.get(keys.account(id))).value;
  }

  /** The accounts with these ids, in their order. */
  async getMany(ids: readonly string[]): Promise<(Account | null)[]> {
    return (await this.store.getMany(ids.map((id) => keys.account(id)))).map(({ value }) => value);
  }

  /** The account with this name, or null. */
  async named(name: string): Promise<Account | null> {
    const { value: id } = await this.store.get(keys.accountByName(fold(name)));
    return id === null ? null : await this.get(id);
  }

  /** Whether only an account can use this name. */
  async isRegistered(name: string): Promise<boolean> {
    return (await this.store.get(keys.accountByName(fold(name)))).value !== null;
  }

  /** Throws {@link ChatError} `name_registered` for a name that only its account can use. */
  async requireFree(name: string): Promise<void> {
    if (!await this.isRegistered(name)) return;
    throw new ChatError("name_registered", `The name "${name}" belongs to an account. Sign in, or choose another.`);
  }

  /** The person with this account. Throws {@link ChatError} `not_found`. */
  async person(id: string): Promise<Person> {
    return asPerson(await this.get(id) ?? notFound());
  }

  /**
   * The people with these accounts, each once, without the actor.
   *
   * @throws {ChatError} `invalid` for an id that no account has, `sign_in` for a guest who names some.
   */
  async others(actor: Actor, ids: readonly string[]): Promise<Person[]> {
    const others = [...new Set(ids)].filter((id) => id !== actor?.person.id);
    if (others.length > 0) requireAccount(actor, "rooms");
    return (await this.getMany(others)).map((found, index) => {
      if (!found) throw new ChatError("invalid", `No account has the ID ${others[index]}.`);
      return asPerson(found);
    });
  }

  /** The people with these names, each once; disabled accounts and names that no account has are `unknown`. */
  async byNames(names: readonly string[]): Promise<{ people: readonly Person[]; unknown: readonly string[] }> {
    const people = new Map<string, Person>(), unknown: string[] = [];
    for (const name of names) {
      const { success, data = "" } = username.safeParse(name), account = success ? await this.named(data) : null;
      if (account && !account.disabled) people.set(account.id, asPerson(account));
      else unknown.push(name);
    }
    return { people: [...people.values()], unknown };
  }

  /** How many accounts there are. */
  async count(): Promise<number> {
    return (await this.store.get(keys.accountCounter())).value ?? 0;
  }

  /** Accounts with an id after `after`, oldest first. */
  async list({ after = "", limit }: { after?: string | undefined; limit: number }): Promise<Account[]> {
    const accounts: Account[] = [];
    // Ids are hex digits.
    const range = keys.account.between([`${after}\0`], ["g"]);
    for await (const { value } of this.store.list(range, { limit })) accounts.push(value);
    return accounts;
  }

  /** A page of the accounts whose names contain `query`, oldest first, and the id after which there are more. */
  async search({ query, after, limit, disabled }: AccountSearch): Promise<{ found: Account[]; next?: string }> {
    const wanted = fold(query.trim()), found: Account[] = [];
    for (let from = after;;) {
      const page = await this.list({ after: from, limit: SEARCHED_AT_ONCE });
      for (const account of page) {
        if (!fold(account.name).includes(wanted) || (account.disabled && !disabled)) continue;
        if (found.length === limit) return { found, next: found.at(-1)!.id };
        found.push(account);
      }
      if (page.length < SEARCHED_AT_ONCE) return { found };
      from = page.at(-1)!.id;
    }
  }

  /** Changes what the actor says about themselves. */
  async update(actor: Actor, profile: Profile): Promise<Account> {
    const given = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));
    const { value } = await updateOwnAccount(this.store, actor, (account) => ({
      value: { ...account, ...given },
      mutations: [notify(account.id)],
    }));
    return value;
  }

  /** Sets the actor's picture, or removes it (null); the file of the one before goes too. */
  async setAvatar(actor: Actor, avatar: string | null): Promise<Account> {
    const { value } = await updateOwnAccount(this.store, actor, (account) => ({
      value: { ...account, avatar },
      mutations: [notify(account.id), ...this.#avatarRemoval(account)],
    }));
    return value;
  }

  #avatarRemoval(account: Account | null): Mutation[] {
    return account?.avatar ? this.files.removal(account.avatar) : [];
  }

  /** Disables an account, which ends all its sessions, or enables it again. */
  setDisabled(actor: Actor, id: string, disabled: boolean): Promise<Account> {
    const sweep = disabled ? [this.jobs.enqueue(SWEEP_SESSIONS, { account: id })] : [];
    return this.#administer(actor, id, disabled, (account) => {
      const { generation } = account;
      return { ...account, disabled, generation: disabled ? generation + 1 : generation };
    }, sweep);
  }

  /** Makes an account an admin of the server, or no longer one. */
  setAdmin(actor: Actor, id: string, admin: boolean): Promise<Account> {
    return this.#administer(actor, id, !admin, (account) => ({ ...account, admin }));
  }

  async #administer(
    actor: Actor,
    id: string,
    takesAway: boolean,
    change: (account: Account) => Account,
    also: readonly Mutation[] = [],
  ): Promise<Account> {
    const { value } = await this.store.update(keys.account(id), async (account) => {
      const checks = await sessionChecks(actor);
      this.policy.administer(actor, id, takesAway);
      return { value: change(account ?? notFound()), checks, mutations: [notify(id), ...also] };
    });
    return value;
  }

  /**
   * Deletes the actor's account: it can't sign in any more, and its name is free again. Its messages stay.
   *
   * @throws {ChatError} What the policy says.
   */
  async delete(actor: Actor): Promise<void> {
    const { id, name } = requireAccount(actor, "account");
    await this.store.update(keys.accountCounter(), async (count) => {
      return {
        value: Math.max(0, (count ?? 0) - 1),
        checks: await sessionChecks(actor),
        mutations: [
          this.jobs.enqueue(SWEEP_ACCOUNT, { account: id }),
          this.jobs.enqueue(SWEEP_SESSIONS, { account: id }),
          ...this.#avatarRemoval(await this.get(id)),
          remove(keys.account(id)),
          remove(keys.accountByName(fold(name))),
          remove(keys.password(id)),
          notify(id),
        ],
      };
    });
  }
}

/** An id for a person: 24 lower-case hex characters, 48 bits of milliseconds, then 48 random ones. */
export function newPersonId(): string {
  const random = crypto.getRandomValues(new Uint8Array(6));
  return Date.now().toString(16).padStart(12, "0") + random.toHex();
}

function asPerson({ id, name }: Account): Person {
  return { id, name, guest: false };
}

function nameTaken(): ChatError {
  return new ChatError("name_taken", "This name is taken. Choose another.");
}

function notFound(): never {
  throw new ChatError("not_found", "No account has this ID.");
}
