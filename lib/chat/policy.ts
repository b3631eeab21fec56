/**
 * May this one do that here? Every route and every frame asks this module, and nothing else decides.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { GENERAL, type Person, type Post, type Room } from "@/lib/chat/entries.ts";

/** What guests may do: everything in public rooms, only talk there, or nothing. */
export type GuestPolicy = "full" | "chat" | "none";

/** Who asks; null is somebody who has not said a name. */
export type Asker = Person | null;

/** The rules of one server. Each method returns quietly or throws {@link ChatError}. */
export class Policy {
  /** @param guests What guests may do. */
  constructor(readonly guests: GuestPolicy) {}

  /** May the asker look around at all? Throws `sign_in` where guests may not. */
  look(asker: Asker): void {
    if (this.guests === "none" && (asker === null || asker.guest)) {
      throw new ChatError("sign_in", "This server is for people with an account: sign in first.");
    }
  }

  /** May the asker read this room? Throws `room_not_found` for a room that they may not know of. */
  read(asker: Asker, room: Room): void {
    this.look(asker);
    if (room.kind !== "public") throw new ChatError("room_not_found");
  }

  /** May the asker tell how far they have read? In an archived room too. */
  mark(asker: Asker, room: Room): Person {
    const person = this.#named(asker);
    this.read(person, room);
    return person;
  }

  /** May the asker write to this room: post, react, type? */
  write(asker: Asker, room: Room): Person {
    const person = this.mark(asker, room);
    if (room.archived) throw new ChatError("room_archived", "This room is archived: it can be read, not written to.");
    return person;
  }

  /** May the asker make rooms? */
  create(asker: Asker): Person | null {
    this.look(asker);
    if (asker === null || asker.guest) this.#fullGuest("make rooms");
    return asker;
  }

  /** May the asker rename, describe or archive this room? */
  change(asker: Asker, room: Room): Person {
    const person = this.mark(asker, room);
    this.#own(person, room, "change");
    return person;
  }

  /** May the asker delete this room? */
  remove(asker: Asker, room: Room): void {
    this.read(asker, room);
    this.#own(asker, room, "delete");
  }

  /** May the asker edit this message? Only who wrote it may. */
  edit(asker: Asker, post: Post): void {
    if (asker?.id !== post.by.id) throw new ChatError("forbidden", "Only who wrote a message may edit it.");
  }

  /** May the asker delete this message? */
  withdraw(asker: Asker, post: Post): void {
    if (asker?.id !== post.by.id) throw new ChatError("forbidden", "Only who wrote a message may delete it.");
  }

  #named(asker: Asker): Person {
    if (asker === null) throw new ChatError("sign_in", "Say who you are: give a name or sign in.");
    return asker;
  }

  #own(asker: Asker, room: Room, verb: string): void {
    if (room.id === GENERAL) {
      throw new ChatError("forbidden", `Nobody may ${verb} the room "${room.name}": it is always there.`);
    }
    if (room.createdBy && !room.createdBy.guest && room.createdBy.id !== asker?.id) {
      throw new ChatError("forbidden", `Only its owner may ${verb} the room "${room.name}".`);
    }
    if (asker === null || asker.guest) this.#fullGuest(`${verb} rooms`);
  }

  #fullGuest(verb: string): void {
    if (this.guests !== "full") throw new ChatError("forbidden", `Guests may not ${verb} here: sign in first.`);
  }
}
