/**
 * Listening on a port, and again after a failure. The runtime stops listening when a connection can't be accepted, such as
 * with too many open files, and would end the process. Open connections stay.
 * @module
 */
import { ThrottledWarning } from "@/lib/logger.ts";

/** How soon to try again, in milliseconds. */
const RETRY_MS = 250;
/** How many files have to be free first: with only one, the next client fails again. */
const FREE_FILES = 16;

/** An open port. */
export interface Listening {
  readonly port: number;
  /** Stops listening, and ends every connection after its response. */
  shutdown(): Promise<void>;
}

/** Listens on a port. */
export function listen(options: Deno.ServeTcpOptions, handler: Deno.ServeHandler<Deno.NetAddr>): Listening {
  // One that has failed still serves its open connections.
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  const refused = new ThrottledWarning(
    "No more clients can connect until some leave: allow more open files (ulimit -n)",
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const serve = (port: number | undefined) => {
    const server = Deno.serve({ ...options, port, onListen() {} }, handler);
    servers.push(server);
    server.finished.catch((error) => {
      refused.warn({}, error);
      retry(server.addr.port);
    });
    return server.addr.port;
  };
  const retry = (port: number) => {
    timer = setTimeout(() => {
      if (!hasRoom(FREE_FILES)) return retry(port);
      try {
        serve(port);
      } catch (error) {
        refused.warn({}, error);
        retry(port);
      }
    }, RETRY_MS);
  };
  return {
    port: serve(options.port),
    async shutdown() {
      clearTimeout(timer);
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

/** Whether `count` more files can be opened. */
export function hasRoom(count: number): boolean {
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < count) files.push(Deno.openSync(Deno.execPath()));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of files) file.close();
  }
}
