import { endpoint } from "@/lib/http/endpoint.ts";
import { messageIdIn } from "@/lib/http/path_params.ts";
import { messageResponse } from "@/lib/http/responses.ts";
import type { State } from "@/lib/http/state.ts";

/** `/api/chat/messages/{id}/pin`: pins or unpins a message. */
export const handler = endpoint({
  PUT: ({ url, state }) => pin(state, messageIdIn(url), true),
  DELETE: ({ url, state }) => pin(state, messageIdIn(url), false),
});

async function pin(state: State, id: number, on: boolean): Promise<Response> {
  await state.chat.gate.execute("pin", state, { id, on });
  return await messageResponse(state, id);
}
