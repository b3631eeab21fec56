import { api, readJson } from "@/lib/http/api.ts";
import { newTokenJson } from "@/lib/protocols/room/views.ts";
import { newToken } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/me/tokens`: make a token for a program. It is told this once. */
export const handler = api({
  async POST({ req, state }) {
    const { secret, session } = await state.chat.gate.execute("createToken", state, await readJson(req, newToken));
    return Response.json(newTokenJson(session, secret), { status: 201 });
  },
});
