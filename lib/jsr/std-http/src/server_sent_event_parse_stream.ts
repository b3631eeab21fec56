import type { ServerSentEventMessage } from "./server_sent_event_stream.ts";

/** What a parsed event holds: like the written one, with `id` always as text. */
export interface ParsedServerSentEventMessage extends Omit<ServerSentEventMessage, "id"> {
  /** The id field of the event. */
  id?: string;
}

/** How {@linkcode ServerSentEventParseStream} reads. */
export interface ServerSentEventParseStreamOptions {
  /**
   * Leaves comments out.
   *
   * @default {false}
   */
  ignoreComments?: boolean;
}

function readField(
  message: ParsedServerSentEventMessage,
  line: string,
  ignoreComments: boolean,
): void {
  const colon = line.indexOf(":");
  const field = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
  switch (field) {
    case "":
      if (!ignoreComments) message.comment = value;
      break;
    case "data":
      message.data = message.data === undefined ? value : `${message.data}\n${value}`;
      break;
    case "event":
      message.event = value;
      break;
    case "id":
      if (!value.includes("\0")) message.id = value;
      break;
    case "retry":
      if (/^\d+$/.test(value)) message.retry = Number(value);
      break;
  }
}

/** Turns the bytes of a `text/event-stream` body into messages, wherever the chunks are cut. */
export class ServerSentEventParseStream extends TransformStream<
  Uint8Array<ArrayBuffer>,
  ParsedServerSentEventMessage
> {
  constructor(options: ServerSentEventParseStreamOptions = {}) {
    const decoder = new TextDecoder();
    let rest = "";
    let message: ParsedServerSentEventMessage = {};
    const take = (
      line: string,
      controller: TransformStreamDefaultController<
        ParsedServerSentEventMessage
      >,
    ) => {
      if (line !== "") {
        return readField(message, line, options.ignoreComments ?? false);
      }
      if (Object.keys(message).length > 0) controller.enqueue(message);
      message = {};
    };
    super({
      transform(chunk, controller) {
        rest += decoder.decode(chunk, { stream: true });
        // A carriage return at the very end may be the first half of a line break: it waits for the next chunk.
        const held = rest.endsWith("\r") ? "\r" : "";
        const lines = rest.slice(0, rest.length - held.length).split(
          /\r\n|\r|\n/,
        );
        rest = (lines.pop() ?? "") + held;
        for (const line of lines) take(line, controller);
      },
      flush(controller) {
        if (rest !== "") take(rest.replace(/\r$/, ""), controller);
        take("", controller);
      },
    });
  }
}
