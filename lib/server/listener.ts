/**
 * Listens for as long as the process serves. The runtime stops listening when a connection cannot be accepted, as when
 * too many files are open, and would end the process; those who are connected can stay.
 * @module
 */
import { ThrottledWarning } from "@/lib/logger.ts";

/** How soon it is looked whether there is room again, in milliseconds. */
const AGAIN_MS = 250;
/** So many files have to be free first: who has only one is full again with the next client. */
const ROOM = 16;

/** What answers requests. */
export interface Listening {
  readonly port: number;
  /** Listens no more, and ends every connection once it has its answer. */
  shutdown(): Promise<void>;
}

/** Answers requests on a port. */
export function listen(options: Deno.ServeTcpOptions, handler: Deno.ServeHandler<Deno.NetAddr>): Listening {
  // One that has failed still answers those who came by it.
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  const refused = new ThrottledWarning("Nobody more is let in until somebody goes: allow more open files (ulimit -n)");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const serve = (port: number | undefined) => {
    const server = Deno.serve({ ...options, port, onListen() {} }, handler);
    servers.push(server);
    server.finished.catch((error) => {
      refused.warn({}, error);
      again(server.addr.port);
    });
    return server.addr.port;
  };
  const again = (port: number) => {
    timer = setTimeout(() => {
      if (!hasRoom(ROOM)) return again(port);
      try {
        serve(port);
      } catch (error) {
        refused.warn({}, error);
        again(port);
      }
    }, AGAIN_MS);
  };
  return {
    port: serve(options.port),
    async shutdown() {
      clearTimeout(timer);
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

/** Whether so many more files can be opened. */
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
