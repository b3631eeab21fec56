/** Where and how an app listens. */
export type ListenOptions = Partial<Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem>;

type Serve = (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;

const FIRST_PORT = 8000;
const LAST_PORT = 8019;

function announce(basePath: string, { cert }: ListenOptions): (address: Deno.NetAddr) => void {
  return ({ hostname, port }) => {
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    console.log(`Listening on ${cert === undefined ? "http" : "https"}://${host}:${port}${basePath}/`);
  };
}

/**
 * Serves a handler, without waiting for the server's end: at the given port, else at the first free one from 8000 to 8019.
 *
 * @throws {Deno.errors.AddrInUse} If no port is free.
 */
export function listen(handler: Serve, options: ListenOptions, basePath: string): void {
  const { onListen = announce(basePath, options) } = options;
  if (options.port) {
    Deno.serve({ ...options, onListen }, handler);
    return;
  }
  for (let port = FIRST_PORT;; port++) {
    try {
      Deno.serve({ ...options, onListen, port }, handler);
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || port === LAST_PORT) throw error;
    }
  }
}
