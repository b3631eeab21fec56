/**
 * From an upgrade request to a socket, and who opens it.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Actor } from "@/lib/chat/policy.ts";
import { authenticate, isUpgrade, readCredentials } from "@/lib/http/authenticate.ts";
import type { State } from "@/lib/http/state.ts";

/** A request to open a socket, with the server's parts and the client's address. */
export interface UpgradeRequest {
  readonly req: Request;
  readonly state: Pick<State, "chat" | "address">;
}

/** A socket that is being opened. */
export interface Upgraded {
  readonly socket: WebSocket;
  /** Completes the handshake. */
  readonly response: Response;
  /** Counts the socket, and says who opens it. Throws {@link ChatError} `rate_limited` or `sign_in`. */
  connect(): Promise<Actor>;
}

/**
 * Upgrades a request.
 *
 * @throws {ChatError} `invalid` for a request that is not an upgrade.
 */
export function upgrade({ req, state: { chat, address } }: UpgradeRequest): Upgraded {
  // Before the upgrade, which closes the request. A bad token is refused once the socket is open.
  const credentials = readCredentials(req, chat.site.corsOrigins);
  return {
    ...openSocket(req),
    async connect() {
      await chat.gate.execute("connect", { actor: null, address }, {});
      return (await authenticate(chat, credentials)).actor;
    },
  };
}

function openSocket(request: Request): { socket: WebSocket; response: Response } {
  try {
    if (isUpgrade(request)) return Deno.upgradeWebSocket(request);
  } catch (error) {
    // The handshake lacks a header, or has a wrong one.
    if (!(error instanceof TypeError)) throw error;
  }
  throw new ChatError("invalid", "This address is for WebSockets. Connect with ws:// or wss://.");
}

/** Calls `act` once the socket is open. */
export function onOpen(socket: WebSocket, act: () => void): void {
  socket.addEventListener("open", act, { once: true });
}
