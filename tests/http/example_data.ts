/**
 * A server on which everything is that the examples of the API's description are about.
 * @module
 */
import { z } from "zod";
import { EXAMPLE, OBJECT_ID } from "@/lib/protocols/parameters.ts";

/** A picture of one point. */
export const PICTURE = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

/** The password in the examples. */
const PASSWORD = "correct horse battery";

const registered = z.object({ id: z.string(), access_token: z.string() });
const made = z.object({ id: z.int() });

/** Somebody with an account. */
export interface Holder {
  readonly id: string;
  readonly token: string;
}

/** Makes an account. */
export async function register(url: string, username: string): Promise<Holder> {
  const { id, access_token } = registered.parse(
    await post(`${url}/api/auth/register`, { username, password: PASSWORD }),
  );
  return { id, token: access_token };
}

/** Makes what examples are about, for Alice and Bob. The result puts what is real in the place of an example's ids. */
export async function furnish(
  url: string,
  alice: Holder,
  bob: Holder,
  name = "kitchen-rota",
): Promise<(example: string) => string> {
  const room = made.parse(await post(`${url}/api/chat/rooms`, { name }, alice));
  const chat = made.parse(await post(`${url}/api/chats`, { participants: [bob.id] }, alice));
  const message = made.parse(await post(`${url}/api/chat/rooms/${room.id}/messages`, { content: "Hello!" }, alice));
  await post(`${url}/api/chat/rooms/${chat.id}/messages`, { content: "Are you awake?" }, bob);
  await send("PUT", `${url}/api/chat/rooms/${room.id}/members/${bob.id}`, "{}", alice);
  const { code } = z.object({ code: z.string() }).parse(
    await post(`${url}/api/chat/rooms/${room.id}/invites`, {}, alice),
  );
  const session = z.object({ id: z.string() }).parse(
    await post(`${url}/api/chat/me/tokens`, { label: "Backup script" }, alice),
  );
  const { avatar_url } = z.object({ avatar_url: z.string() }).parse(
    JSON.parse(await send("PUT", `${url}/api/chat/me/avatar`, PICTURE, bob)),
  );
  const real: readonly [example: string, real: string][] = [
    [EXAMPLE.alice, alice.id],
    [EXAMPLE.bob, bob.id],
    [OBJECT_ID, message.id.toString(16).padStart(24, "0")],
    [String(EXAMPLE.message), String(message.id)],
    [EXAMPLE.code, code],
    [EXAMPLE.session, session.id],
    [`/files/${EXAMPLE.picture}`, avatar_url],
    ["kitchen-rota", name],
    [`/api/chats/${EXAMPLE.chat}`, `/api/chats/${chat.id}`],
  ];
  return (example) => real.reduce((text, [from, to]) => text.replaceAll(from, to), example);
}

async function post(url: string, json: unknown, by?: Holder): Promise<unknown> {
  return JSON.parse(await send("POST", url, JSON.stringify(json), by));
}

async function send(method: string, url: string, body: BodyInit, by?: Holder): Promise<string> {
  const headers: HeadersInit = by ? { authorization: `Bearer ${by.token}` } : {};
  const response = await fetch(url, { method, headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot ${method} ${url}: ${text}`);
  return text;
}
