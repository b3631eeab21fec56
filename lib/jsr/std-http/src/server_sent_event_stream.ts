/** One event of a stream of server-sent events. */
export interface ServerSentEventMessage {
  /** Ignored by the browser: keeps a connection alive. */
  comment?: string;
  /** The type under which the browser dispatches it. */
  event?: string;
  /** The payload; each of its lines becomes a field. */
  data?: string;
  /** What the browser sends as `Last-Event-ID` when it comes back. */
  id?: string | number;
  /** How many milliseconds the browser waits before it reconnects. */
  retry?: number;
}

const NEWLINE = /\r\n|\r|\n/;

/** A value with a line break in it would begin another field, or another event. */
function singleLine(field: string, value: string): string {
  if (NEWLINE.test(value)) {
    throw new SyntaxError(
      `Cannot write an event as its ${field} has a line break`,
    );
  }
  return `${field}:${value}\n`;
}

function encode(message: ServerSentEventMessage): string {
  const lines: string[] = [];
  if (message.comment) lines.push(singleLine("", message.comment));
  if (message.event) lines.push(singleLine("event", message.event));
  if (message.data) {
    for (const line of message.data.split(NEWLINE)) {
      lines.push(`data:${line}\n`);
    }
  }
  if (message.id) lines.push(singleLine("id", String(message.id)));
  if (message.retry) lines.push(singleLine("retry", String(message.retry)));
  return lines.join("") + "\n";
}

/**
 * Turns messages into the bytes of a `text/event-stream` body.
 *
 * The stream fails with a `SyntaxError` on a message whose `comment`, `event` or `id` has a line break.
 */
export class ServerSentEventStream extends TransformStream<ServerSentEventMessage, Uint8Array<ArrayBuffer>> {
  constructor() {
    const encoder = new TextEncoder();
    super({
      transform: (message, controller) => controller.enqueue(encoder.encode(encode(message))),
    });
  }
}
