import { listResponse } from "@/lib/http/responses.ts";
import { listedJson } from "@/lib/protocols/chats/views.ts";
import { accountsQuery } from "@/lib/protocols/chats/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { query } from "@/lib/http/path_params.ts";

/** `/api/auth/users`: the accounts that can sign in. */
export const handler = endpoint({
  async GET({ url, state: { actor, chat } }) {
    chat.permissions.requireAccount(actor, "read");
    const { limit, cursor } = query(url, accountsQuery);
    const accounts = await chat.accounts.list({ after: cursor, limit: limit + 1 });
    const page = accounts.slice(0, limit);
    const online = chat.hub.online.statuses();
    const people = page.filter(({ disabled }) => !disabled).map((account) =>
      listedJson(account, online.has(account.id))
    );
    return listResponse(url, people, { next: accounts.length > limit ? { cursor: page.at(-1)!.id } : undefined });
  },
});
