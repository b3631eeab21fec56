/**
 * The program: settings, store, app, serve. `deno task start`, the compiled binary and Deno Deploy all run this file.
 * @module
 */
import { App, staticFiles } from "fresh";
import { type Config, readConfig } from "@/lib/config.ts";
import { problem, withoutSlash } from "@/lib/http/api.ts";
import { harden } from "@/lib/http/headers.ts";
import { type Chat, openChat, type State } from "@/lib/http/state.ts";
import { ChatError } from "@/lib/errors.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const DRAIN_MS = 8_000;

/** The web app over a server that is opened with its first request. */
export function createApp(open: () => Promise<Chat>): App<State> {
  return new App<State>()
    .use(staticFiles())
    .use(async (ctx) => {
      ctx.state.chat = await open();
      return await ctx.next();
    })
    .fsRoutes();
}

/** A handler that always answers, and whose every answer has the headers that keep its reader safe. */
export function hardened<Info>(
  handler: (request: Request, info: Info) => Response | Promise<Response>,
): (request: Request, info: Info) => Promise<Response> {
  return async (request, info) => {
    try {
      if (!METHODS.has(request.method)) throw new ChatError("method_not_allowed", "Nothing here knows this method.");
      return harden(await handler(withoutSlash(request), info));
    } catch (error) {
      return harden(
        problem(error instanceof URIError ? new ChatError("invalid", "The address has a malformed % in it.") : error),
      );
    }
  };
}

/** Opens the server that the environment describes, once. */
async function openOnce(config: Config): Promise<Chat> {
  if (config.store?.startsWith(config.dataDir)) await makeFolder(config.dataDir);
  return await openChat(config);
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot keep data in ${path}: choose a folder that can be written to with DATA_DIR.`, { cause });
  }
}

let opened: Promise<Chat> | undefined;
const open = () => opened ??= openOnce(readConfig());

/** The app of this process. Nothing is opened before its first request. */
export const app: App<State> = createApp(open);

async function main(): Promise<void> {
  const config = readConfig();
  const chat = await open();
  const built = new URL("./_fresh/server.js", import.meta.url).href;
  const { default: server } = await import(built);
  const listener = Deno.serve({
    port: config.port,
    hostname: config.host,
    // The default of 511 overflows when a thousand clients come back at once, and they then wait a second.
    tcpBacklog: 4096,
    onListen: ({ hostname, port }) => console.log(`Hubbub is at http://${hostname}:${port}`),
  }, hardened(server.fetch));
  const stop = async () => {
    const late = setTimeout(() => Deno.exit(1), DRAIN_MS);
    // First, as the listener's own shutdown closes the sockets before they have had their last acknowledgements.
    await chat.drain();
    await listener.shutdown();
    await chat[Symbol.asyncDispose]();
    clearTimeout(late);
    Deno.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, stop);
}

/** Why the start failed, and what to do. */
function whyNot(error: unknown): unknown {
  if (error instanceof Deno.errors.AddrInUse) return "Cannot start as the port is taken: choose another with PORT.";
  return error instanceof Error ? error.message : error;
}

// No await here: `_fresh/server.js` imports this module, which has to be evaluated by then.
if (import.meta.main) {
  main().catch((error) => {
    console.error(whyNot(error));
    Deno.exit(1);
  });
}
