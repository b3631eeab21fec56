/**
 * Small projects on disk that tests build and serve.
 * @module
 */
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";

/** A function that requests a path and returns the response. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** A folder with files that is removed at the end. */
export interface Project extends AsyncDisposable {
  /** The folder. */
  root: string;
}

const INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

/** Writes the files of a project to a new folder. */
export async function project(files: Record<string, string>): Promise<Project> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "hubbub_jsr_" }));
  for (const [name, content] of Object.entries(files)) {
    const path = `${root}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, content);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

/** Sends requests of a client on localhost to an app. */
export function ask<State>(app: App<State>): Ask {
  const handler = app.handler();
  return (path, init) => handler(new Request(`http://localhost${path}`, { redirect: "manual", ...init }), INFO);
}

/** Builds a project in memory for an app, by default one with static files and file routes. */
export async function apply<State>(
  { root }: Project,
  app: App<State> = new App<State>().use(staticFiles()).fsRoutes(),
): Promise<App<State>> {
  (await new Builder({ root }).build({ snapshot: "memory" }))(app);
  return app;
}

/** Builds a project in memory and returns the function that sends requests to its app. */
export async function built<State>(site: Project, app?: App<State>): Promise<Ask> {
  return ask(await apply(site, app));
}

/** Serves a handler on a real socket during a test. */
export function serving(handler: Deno.ServeHandler): AsyncDisposable & { origin: string; port: number } {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  const { port } = server.addr;
  return { origin: `http://127.0.0.1:${port}`, port, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Collects expected errors, instead of printing them among the results of the tests. */
export function silenced(): Disposable & { errors: unknown[] } {
  const { error } = console;
  const errors: unknown[] = [];
  console.error = (...args: unknown[]) => void errors.push(args[0]);
  return { errors, [Symbol.dispose]: () => void (console.error = error) };
}
