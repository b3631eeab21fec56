/**
 * Accounts and a conversation to look at, for `DEMO=1`: made once, whoever starts when.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import { GENERAL } from "@/lib/model/room.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import type { Principal } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Account } from "@/lib/model/account.ts";
import { put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Where the demo is made. */
export interface DemoParts {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly rooms: Rooms;
  readonly messages: Messages;
}

const PEOPLE = [
  { name: "testuser", password: "testpass123" },
  { name: "alice", password: "alicepass123" },
] as const;

const CONVERSATION: readonly (readonly [name: typeof PEOPLE[number]["name"], content: string])[] = [
  ["alice", "Good morning! Is anybody here?"],
  ["testuser", "Good morning, Alice. The coffee is ready."],
  ["alice", "You can write **bold**, _slanted_ and `code`, and lists:\n\n- milk\n- bread\n- a new kettle"],
  ["testuser", "And what you send is kept: reload the page, or stop the server and start it again."],
  ["alice", "Open a second window, sign in as the other one of us, and talk."],
];

/**
 * Makes the demo where it was not made yet. What another instance, or an earlier start that was cut short, has made of it
 * stays as it is. Where one of the names is somebody else's, nobody says anything.
 */
export async function makeDemo({ store, accounts, rooms, messages }: DemoParts): Promise<void> {
  const made = keys.demo();
  if ((await store.get(made)).value !== null) return;
  const people = new Map<string, Principal>();
  for (const { name, password } of PEOPLE) {
    const account = await register(accounts, name, password);
    if (!account) return;
    people.set(name, {
      person: { id: account.id, name, guest: false },
      admin: false,
      session: null,
      scopes: null,
      expiresAt: null,
    });
  }
  for (const [index, [name, content]] of CONVERSATION.entries()) {
    const access = await rooms.access(people.get(name) ?? null, GENERAL);
    if (access) await messages.post(access, { content, nonce: `demo-${index}` });
  }
  await store.commit([], [put(made, true)]);
}

/** The account of this name and password, registered where there is none; null where the name is somebody else's. */
async function register(accounts: Accounts, name: string, password: string): Promise<Account | null> {
  try {
    return await accounts.register({ name, password }, true);
  } catch (error) {
    if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
  }
  const account = await accounts.named(name);
  const isOurs = account !== null && await accounts.confirm(account.id, password).then(() => true, () => false);
  return isOurs ? account : null;
}
