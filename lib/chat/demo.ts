/**
 * Demo accounts and a conversation, for `DEMO=1`.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import { GENERAL } from "@/lib/model/room.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import { asGuest, type Principal } from "@/lib/chat/policy.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Account } from "@/lib/model/account.ts";
import { put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What the demo is created with. */
export interface DemoParts {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly messages: Messages;
}

const PEOPLE = [{ name: "testuser", password: "testpass123" }, { name: "alice", password: "alicepass123" }] as const;

const CONVERSATION: readonly (readonly [name: typeof PEOPLE[number]["name"], content: string])[] = [
  ["alice", "Good morning! Is anyone here?"],
  ["testuser", "Good morning, Alice. The coffee is ready."],
  ["alice", "You can write **bold**, _italic_ and `code`, and lists:\n\n- milk\n- bread\n- a new kettle"],
  ["testuser", "And what you send is kept: reload the page, or stop the server and start it again."],
  ["alice", "Open a second window, sign in as the other one of us, and talk."],
];

/**
 * Creates the demo once. What another instance, or an earlier start that was cut short, has created of it stays. Nothing
 * is posted where one of the names belongs to someone else.
 */
export async function makeDemo(parts: DemoParts): Promise<void> {
  const { store, messages } = parts;
  const made = keys.demo();
  if ((await store.get(made)).value !== null) return;
  const people = new Map<string, Principal>();
  for (const { name, password } of PEOPLE) {
    const account = await register(parts, name, password);
    if (!account) return;
    people.set(name, asGuest({ id: account.id, name, guest: false }));
  }
  for (const [index, [name, content]] of CONVERSATION.entries()) {
    await messages.post(people.get(name) ?? null, GENERAL, { content, nonce: `demo-${index}` });
  }
  await store.commit([], [put(made, true)]);
}

/** The account with this name and password, registered where there is none; null where the name is someone else's. */
async function register({ accounts, credentials }: DemoParts, name: string, password: string): Promise<Account | null> {
  try {
    return await accounts.register({ name, password }, false);
  } catch (error) {
    if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
    return await credentials.check(name, password, undefined).catch(() => null);
  }
}
