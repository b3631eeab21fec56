/** What an app is made with. */
export interface FreshConfig {
  /**
   * The path under which the whole app lives.
   *
   * @default {""}
   */
  basePath?: string;
  /**
   * Whether the app runs for its developer or for its users.
   *
   * @default {"production"}
   */
  mode?: "development" | "production";
  /**
   * Believes the `X-Forwarded-Proto` and `X-Forwarded-Host` headers for `ctx.url`. For apps behind a proxy that sets them.
   *
   * @default {false}
   */
  trustProxy?: boolean;
}

/** The settings of a running app. */
export interface ResolvedFreshConfig {
  /** The folder of the project. */
  root: string;
  /** The path under which the whole app lives, or an empty string. */
  basePath: string;
  /** Whether the app runs for its developer or for its users. */
  mode: "development" | "production";
  /** Whether the headers of a proxy are believed. */
  trustProxy: boolean;
}
