/**
 * Small projects on disk, for what a build makes of files.
 * @module
 */
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";

/** Answers a request for a path. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** A folder with files, which is removed at the end. */
export interface Project extends AsyncDisposable {
  /** The folder. */
  root: string;
}

/** Writes the files of a project to a folder of its own. */
export async function project(files: Record<string, string>): Promise<Project> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "hubbub_jsr_" }));
  for (const [name, content] of Object.entries(files)) {
    const path = `${root}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, content);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

/** Asks a handler as a client of localhost would. */
export function asking(handler: (request: Request) => Promise<Response>): Ask {
  return (path, init) => handler(new Request(`http://localhost${path}`, { redirect: "manual", ...init }));
}

/** Asks an app that has no build. */
export function ask<State>(app: App<State>): Ask {
  return asking(app.handler());
}

/** Builds a project in memory and asks the app that serves it, static files and file routes behind what is added to it. */
export async function built<State>(
  { root }: Project,
  app: App<State> = new App<State>().use(staticFiles()).fsRoutes(),
  options: ConstructorParameters<typeof Builder>[0] & { mode?: "development" | "production" } = {},
): Promise<Ask> {
  const { mode, ...buildOptions } = options;
  const apply = await new Builder({ root, ...buildOptions }).build({ mode, snapshot: "memory" });
  apply(app);
  return ask(app);
}

/** Serves a handler on a real socket while a test runs. */
export function serving(handler: Deno.ServeHandler): AsyncDisposable & { origin: string; port: number } {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  const { port } = server.addr;
  return { origin: `http://127.0.0.1:${port}`, port, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Keeps expected errors out of the output of the tests, and tells how many there were. */
export function silenced(): Disposable & { errors: unknown[] } {
  const { error } = console;
  const errors: unknown[] = [];
  console.error = (...args: unknown[]) => void errors.push(args[0]);
  return { errors, [Symbol.dispose]: () => void (console.error = error) };
}
