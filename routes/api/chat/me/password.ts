import { api, readJson } from "@/lib/http/api.ts";
import { passwordChange } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/me/password`: another password; all other sessions end. */
export const handler = api({
  async POST({ req, state: { actor, chat } }) {
    const { id } = chat.policy.account(actor, "account");
    const { oldPassword, password } = await readJson(req, passwordChange);
    await chat.accounts.changePassword(id, oldPassword, password, actor?.session ?? null);
    return new Response(null, { status: 204 });
  },
});
