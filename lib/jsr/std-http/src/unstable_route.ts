/** Answers a request that a route's pattern matched. */
export type RequestHandler = (
  request: Request,
  params: URLPatternResult,
  info?: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/** One address of a server. */
export interface Route {
  /** The addresses it answers. */
  pattern: URLPattern;
  /**
   * The methods it answers.
   *
   * @default {"GET"}
   */
  method?: string | string[];
  /** Answers. */
  handler: RequestHandler;
}

function answers({ method = "GET" }: Route, asked: string): boolean {
  return Array.isArray(method) ? method.some((one) => one.toUpperCase() === asked) : method.toUpperCase() === asked;
}

/** A handler for `Deno.serve`: the first route whose method and pattern fit, else the fallback. */
export function route(
  routes: Route[],
  fallback: (
    request: Request,
    info?: Deno.ServeHandlerInfo,
  ) => Response | Promise<Response>,
): (
  request: Request,
  info?: Deno.ServeHandlerInfo,
) => Response | Promise<Response> {
  return (request, info) => {
    for (const candidate of routes) {
      if (!answers(candidate, request.method)) continue;
      const params = candidate.pattern.exec(request.url);
      if (params) return candidate.handler(request, params, info);
    }
    return fallback(request, info);
  };
}
