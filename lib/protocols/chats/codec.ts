/**
 * Protocol 3: chats between accounts, `/api/chats/ws/{chat_id}/{user_id}` (docs/protocols.md).
 * @module
 */
import type { Person, Present } from "@/lib/model/person.ts";
import { chatClientFrame, type ChatServerFrame } from "@/lib/protocols/chats/frames.ts";
import { chatMessageJson } from "@/lib/protocols/chats/views.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";
import { isoTime } from "@/lib/protocols/time.ts";

/** Protocol 3. */
export const chatsCodec: Codec = {
  protocol: "chats",
  decode: (text) => parseFrame(chatClientFrame, text),
  entry: ({ id }, entry) =>
    entry.type === "post" ? frame({ type: "message", ...chatMessageJson(id, entry) }) : undefined,
  joined: (_room, people, here) => people.map((person) => presence("user_joined", person, here)),
  echoesJoin: true,
  left: (_room, people, here) => people.map((person) => presence("user_left", person, here)),
  typed: (_room, { id, name }, on) => frame({ type: "typing", user_id: id, username: name, is_typing: on }),
  roomEvent: (event) => event === "deleted" ? frame({ type: "error", content: "This chat was deleted." }) : undefined,
  error: ({ message }) => frame({ type: "error", content: message }),
};

function presence(type: "user_joined" | "user_left", { id, name }: Person, here: readonly Present[]): string {
  const active_users = here.map(({ id }) => id);
  return frame({ type, user_id: id, username: name, active_users, timestamp: isoTime(Date.now()) });
}

function frame(frame: ChatServerFrame): string {
  return JSON.stringify(frame);
}
