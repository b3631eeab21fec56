import { ChatError } from "@/lib/errors.ts";
import { api, readJson, segments } from "@/lib/http/api.ts";
import { profileJson } from "@/lib/protocols/room/views.ts";
import { accountId } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { personPatch } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/people/{account}`: somebody with an account; an admin disables it, or makes it another admin's. */
export const handler = api({
  async GET({ url, state: { actor, chat } }) {
    chat.policy.browse(actor);
    const account = await chat.accounts.get(parse(accountId, segments(url)[3]));
    if (!account) throw new ChatError("not_found", "Nobody has this id.");
    return Response.json(profileJson(account));
  },

  async PATCH({ req, url, state: { actor, chat } }) {
    chat.policy.admin(actor);
    const id = parse(accountId, segments(url)[3]);
    const { disabled, admin } = await readJson(req, personPatch);
    if (id === actor?.person.id && (disabled || admin === false)) {
      throw new ChatError("invalid", "Ask another admin for that: you would lock yourself out.");
    }
    const account = await chat.accounts.get(id);
    if (!account) throw new ChatError("not_found", "Nobody has this id.");
    if (disabled !== undefined) await chat.accounts.disable(id, disabled);
    if (admin !== undefined) await chat.accounts.setAdmin(id, admin);
    return Response.json(profileJson(account));
  },
});
