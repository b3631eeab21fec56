/**
 * What every request has beside itself, and how the parts of a server are put together.
 * @module
 */
import { createDefine } from "fresh";
import { Messages } from "@/lib/chat/messages.ts";
import { type Asker, type GuestPolicy, Policy } from "@/lib/chat/policy.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import { Guests } from "@/lib/http/guests.ts";
import { Hub } from "@/lib/live/hub.ts";
import { Log } from "@/lib/store/log.ts";
import { Store } from "@/lib/store/store.ts";

/**
 * Milliseconds in which clients fall silent before they are sent away: Deno breaks the connection off, and the close is
 * perhaps never seen, when another frame comes between our close and the answer to it.
 */
const HUSH_MS = 100;

/** The parts of a running server that routes call. */
export interface Chat extends AsyncDisposable {
  readonly store: Store;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly hub: Hub;
  readonly policy: Policy;
  readonly guests: Guests;
  /** True once the process has been told to stop: it takes nobody new. */
  readonly draining: boolean;
  /** Takes nothing new from sockets, commits what waits, and sends everyone away with 1001. */
  drain(): Promise<void>;
}

/** What a server is opened with. */
export interface ChatOptions {
  /** A file, `:memory:`, a `denokv` server's address, or undefined for Deno Deploy's own store. */
  readonly store: string | undefined;
  readonly guests: GuestPolicy;
}

/** Fresh's `ctx.state`, filled by the root middleware. */
export interface State {
  chat: Chat;
  /** Who asks: a cookie that came with a foreign `Origin` counts as absent. */
  asker: Asker;
  /** The title of the page, set by a page's handler. */
  title?: string;
}

/** Fresh's definers for this project's state. */
export const define = createDefine<State>();

/**
 * Opens the store and puts a server together over it. Disposing of it drains it and closes the store.
 */
export async function openChat(options: ChatOptions): Promise<Chat> {
  const store = await Store.open(options.store);
  const policy = new Policy(options.guests);
  const log: Log = new Log(store, (room, head, entries) => hub.committed(room, head, entries));
  const messages = new Messages(log, policy);
  const hub: Hub = new Hub(store, log, messages, policy);
  const rooms = new Rooms(store, log, policy, (event, room) => hub.roomEvent(event, room));
  await rooms.prepare();
  const guests = await Guests.open(store);
  const settle = async () => {
    hub.draining = true;
    await log.drained();
  };
  return {
    store,
    log,
    rooms,
    messages,
    hub,
    policy,
    guests,
    get draining() {
      return hub.draining;
    },
    async drain() {
      await settle();
      if (hub.connections.size > 0) await new Promise((resolve) => setTimeout(resolve, HUSH_MS));
      await hub.close();
    },
    async [Symbol.asyncDispose]() {
      await settle();
      await hub.close();
      store.close();
    },
  };
}
