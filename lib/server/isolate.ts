/**
 * What one isolate does to serve: it opens the server, loads the built app and listens.
 * @module
 */
import { makeDemo } from "@/lib/chat/demo.ts";
import { type Config, readConfig } from "@/lib/config.ts";
import type { Chat } from "@/lib/http/state.ts";
import { createHandler } from "@/lib/server/app.ts";
import { compose } from "@/lib/server/compose.ts";
import { listen } from "@/lib/server/listener.ts";
import { startTracing } from "@/lib/tracing.ts";

/** Where `deno task build` writes the app. */
const BUILT = new URL("../../_fresh/server.js", import.meta.url).href;
/** The default of 511 overflows when a thousand clients come back at once, and they then wait a second. */
const BACKLOG = 4096;

/** An isolate that serves. */
export interface Serving {
  readonly port: number;
  readonly chat: Chat;
  /** Sends everyone away and closes the store. */
  stop(): Promise<void>;
}

let opening: Promise<Chat> | undefined;

/** Opens this isolate's server, once. */
export function open(): Promise<Chat> {
  return opening ??= openWith(readConfig());
}

async function openWith(config: Config): Promise<Chat> {
  if (config.trace) await startTracing();
  if (config.store?.startsWith(config.dataDir)) await createFolder(config.dataDir);
  const chat = await compose(config);
  if (config.demo) await makeDemo(chat);
  return chat;
}

async function createFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot keep data in ${path}: choose a folder that can be written to with DATA_DIR.`, { cause });
  }
}

/** Serves in this isolate. */
export async function serve({ port, host, workers }: Pick<Config, "port" | "host" | "workers">): Promise<Serving> {
  const chat = await open();
  const { default: built } = await import(BUILT);
  const listening = listen(
    { port, hostname: host, reusePort: workers > 1, tcpBacklog: BACKLOG },
    createHandler(built.fetch),
  );
  return {
    port: listening.port,
    chat,
    async stop() {
      // First, as the listener's shutdown closes sockets before they have had their last acknowledgements.
      await chat.drain();
      await listening.shutdown();
      await chat[Symbol.asyncDispose]();
    },
  };
}
