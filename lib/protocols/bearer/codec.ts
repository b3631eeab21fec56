/**
 * Protocol 4: rooms by name for holders of an access token, `/chat/ws/{room}` (docs/protocols.md).
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import { bearerClientFrame, type BearerServerFrame } from "@/lib/protocols/bearer/frames.ts";
import { bearerMessageJson, nameOf } from "@/lib/protocols/bearer/views.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";
import { isoTime } from "@/lib/protocols/time.ts";

/** Protocol 4. */
export const bearerCodec: Codec = {
  protocol: "bearer",
  decode: (text) => parseFrame(bearerClientFrame, text),
  entry: (room, entry) =>
    entry.type === "post" ? frame({ type: "message", ...bearerMessageJson(room, entry) }) : undefined,
  joined: (room, people) => people.map((person) => presence("user_joined", room, person, "joined the chat")),
  echoesJoin: true,
  left: (room, people) => people.map((person) => presence("user_left", room, person, "left the chat")),
  roomEvent: (event) => event === "deleted" ? frame({ type: "error", content: "Room deleted" }) : undefined,
  error: ({ message }) => frame({ type: "error", content: message }),
};

function presence(type: "user_joined" | "user_left", room: Room, { id, name }: Person, what: string): string {
  return frame({
    type,
    user_id: id,
    username: name,
    content: `${name} ${what}`,
    room: nameOf(room),
    created_at: isoTime(Date.now()),
  });
}

function frame(frame: BearerServerFrame): string {
  return JSON.stringify(frame);
}
