import { newTokenJson } from "@/lib/protocols/room/views.ts";
import { newToken } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/me/tokens`: creates a personal access token. It's shown only once. */
export const handler = endpoint({
  async POST({ req, state }) {
    const { secret, session } = await state.chat.gate.execute("createToken", state, await readJson(req, newToken));
    return Response.json(newTokenJson(session, secret), { status: 201 });
  },
});
