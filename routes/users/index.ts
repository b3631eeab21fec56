import { bearerAccountJson } from "@/lib/protocols/bearer/views.ts";
import { newAccount } from "@/lib/protocols/fields.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/users/`: creates an account, in protocol 4. */
export const handler = endpoint({
  async POST({ req, state }) {
    const { username: name, password, email } = await readJson(req, newAccount);
    const account = await state.chat.gate.execute("createAccount", state, { name, password, email });
    return Response.json(bearerAccountJson(account), { status: 201 });
  },
});
