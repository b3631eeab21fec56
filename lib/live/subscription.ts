/**
 * Sockets as the channels see them, and their place in a room.
 * @module
 */
import type { Actor } from "@/lib/chat/policy.ts";
import type { ChatError } from "@/lib/errors.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Codec } from "@/lib/protocols/codec.ts";

/** A socket that can subscribe to rooms. */
export interface Subscriber {
  readonly codec: Codec;
  /** Who this is, or null for a visitor without a name. */
  actor: Actor;
  /** The one room of a socket that is bound to a room; undefined for one that follows many. */
  readonly boundRoom: number | undefined;
  /** Whether the client has said who it is and was let in. */
  readonly isAdmitted: boolean;
  /** By room. */
  readonly subscriptions: Map<number, Subscription>;
  /** Sends a frame; undefined sends nothing. */
  send(frame: string | undefined): void;
  /** Sends an error; the socket stays. */
  refuse(error: ChatError): void;
  /** Sends an error and closes the socket. */
  end(error: ChatError, close?: number): void;
  /** Closes the socket. */
  close(code: number, reason: string): void;
}

/** A socket's place in a room. */
export class Subscription {
  /** Whether entries are delivered to it: not while it still catches up. */
  live = false;
  /** Whether its person counts as present: not during the first catch-up. */
  present = false;
  /** The person it's here as, or null for a visitor without a name. */
  readonly person: Person | null;

  /** @param room The room's id. */
  constructor(readonly subscriber: Subscriber, readonly room: number, public role: Role | null) {
    this.person = subscriber.actor?.person ?? null;
  }
}
