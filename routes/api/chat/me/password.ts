import { api, readJson } from "@/lib/http/api.ts";
import { passwordChange } from "@/lib/protocol/schemas.ts";

/** `/api/chat/me/password`: another password; all other sessions end. */
export const handler = api({
  async POST({ req, state: { asker, chat } }) {
    const { id } = chat.policy.account(asker, "account");
    const { old_password, password } = await readJson(req, passwordChange);
    await chat.accounts.changePassword(id, old_password, password, asker?.session ?? null);
    return new Response(null, { status: 204 });
  },
});
