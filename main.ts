/**
 * The program: reads the command line. `deno task start`, the compiled binary and Deno Deploy all run this file.
 * @module
 */
import type { App } from "fresh";
import { isReady } from "@/lib/cli/ready.ts";
import { serve, startError } from "@/lib/cli/serve.ts";
import type { State } from "@/lib/http/state.ts";
import { logger } from "@/lib/logger.ts";
import { createApp } from "@/lib/server/app.ts";
import { open } from "@/lib/server/isolate.ts";
import { runWorker } from "@/lib/server/workers.ts";

/** The app of this process. Its first request opens the server. */
export const app: App<State> = createApp(open);

async function run(command: string | undefined): Promise<void> {
  if (command === "ready") Deno.exit(await isReady() ? 0 : 1);
  await serve();
}

// No top-level await: `_fresh/server.js` imports this module, which has to be evaluated by then.
if (import.meta.main) {
  if ("WorkerGlobalScope" in self) runWorker();
  else {
    run(Deno.args[0]).catch((error) => {
      logger.error(startError(error));
      Deno.exit(1);
    });
  }
}
