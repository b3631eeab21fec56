import { ChatError } from "@/lib/errors.ts";
import { api, readJson, segments } from "@/lib/http/api.ts";
import { profileJson } from "@/lib/protocol/people.ts";
import { accountId, parse, personPatch } from "@/lib/protocol/schemas.ts";

/** `/api/chat/people/{account}`: somebody with an account; an admin disables it, or makes it another admin's. */
export const handler = api({
  async GET({ url, state: { asker, chat } }) {
    chat.policy.look(asker);
    const account = await chat.accounts.get(parse(accountId, segments(url)[3]));
    if (!account) throw new ChatError("not_found", "Nobody has this id.");
    return Response.json(profileJson(account));
  },

  async PATCH({ req, url, state: { asker, chat } }) {
    chat.policy.admin(asker);
    const id = parse(accountId, segments(url)[3]);
    const { disabled, admin } = await readJson(req, personPatch);
    if (id === asker?.person.id && (disabled || admin === false)) {
      throw new ChatError("invalid", "Ask another admin for that: you would lock yourself out.");
    }
    const account = await chat.accounts.get(id);
    if (!account) throw new ChatError("not_found", "Nobody has this id.");
    if (disabled !== undefined) await chat.accounts.disable(id, disabled);
    if (admin !== undefined) await chat.accounts.appoint(id, admin);
    return Response.json(profileJson(account));
  },
});
