import { AVATAR_MAX } from "@/lib/model/limits.ts";
import { profileJson } from "@/lib/protocols/room/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readBody } from "@/lib/http/body.ts";

/** `/api/chat/me/avatar`: sets the picture, which is the body itself; removes it. */
export const handler = endpoint({
  async PUT({ req, state }) {
    const { actor, chat } = state;
    chat.permissions.requireAccount(actor, "account");
    const bytes = new Uint8Array(await readBody(req, AVATAR_MAX));
    return Response.json(profileJson(await chat.gate.execute("setAvatar", state, { bytes })));
  },

  async DELETE({ state }) {
    return Response.json(profileJson(await state.chat.gate.execute("removeAvatar", state, {})));
  },
});
