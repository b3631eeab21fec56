import { HttpError } from "./error.ts";

/** How a WebSocket is opened. */
export interface WebSocketUpgradeOptions {
  /** After how many seconds without a sign of life it is closed. */
  idleTimeout?: number;
  /** The sub-protocol that is agreed on. */
  protocol?: string;
}

/** Both ends of an upgrade. */
export interface Upgrade {
  /** The socket; it opens once the response is returned. */
  socket: WebSocket;
  /** The response that must be returned as it is. */
  response: Response;
}

/** What happens on a socket. */
export interface WebSocketHandlers {
  /** It is open. */
  open?(socket: WebSocket): void;
  /** A message came. */
  message?(socket: WebSocket, event: MessageEvent): void;
  /** It is closed. */
  close?(socket: WebSocket, code: number, reason: string): void;
  /** It failed. */
  error?(socket: WebSocket, event: Event): void;
}

/**
 * Turns a request into a WebSocket.
 *
 * @throws {HttpError} With status 400 if the request does not ask for one.
 */
export function upgradeSocket(req: Request, options: WebSocketUpgradeOptions = {}): Upgrade {
  if (req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new HttpError(400, "Expected a WebSocket upgrade request");
  }
  return Deno.upgradeWebSocket(req, options);
}

/** Has the handlers hear what happens on the socket. */
export function attachSocket(socket: WebSocket, handlers: WebSocketHandlers): void {
  if (handlers.open) socket.onopen = () => handlers.open?.(socket);
  if (handlers.message) socket.onmessage = (event) => handlers.message?.(socket, event);
  if (handlers.close) socket.onclose = (event) => handlers.close?.(socket, event.code, event.reason);
  if (handlers.error) socket.onerror = (event) => handlers.error?.(socket, event);
}
