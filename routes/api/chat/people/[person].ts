import { ChatError } from "@/lib/errors.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import type { Account } from "@/lib/model/account.ts";
import { profileJson } from "@/lib/protocols/room/views.ts";
import { accountId } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { personPatch } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";
import { segments } from "@/lib/http/path_params.ts";

/** `/api/chat/people/{account}`: an account; admins disable it or make it an admin. */
export const handler = endpoint({
  async GET({ url, state: { actor, chat } }) {
    chat.permissions.requireBrowse(actor);
    return Response.json(profileJson(await found(chat.accounts, parse(accountId, segments(url)[3]))));
  },

  async PATCH({ req, url, state }) {
    const { gate, accounts } = state.chat, account = parse(accountId, segments(url)[3]);
    const { disabled, admin } = await readJson(req, personPatch);
    if (disabled !== undefined) await gate.execute("setDisabled", state, { account, disabled });
    if (admin !== undefined) await gate.execute("setAdmin", state, { account, admin });
    return Response.json(profileJson(await found(accounts, account)));
  },
});

async function found(accounts: Accounts, id: string): Promise<Account> {
  const account = await accounts.get(id);
  if (!account) throw new ChatError("not_found", "No account has this ID.");
  return account;
}
