/**
 * Helpers for HTTP servers: cookies, static files, status codes and the `User-Agent` header.
 *
 * @module
 */

export { type Cookie, deleteCookie, getCookies, setCookie } from "./cookie.ts";
export { serveDir, type ServeDirOptions } from "./file_server.ts";
export { type ErrorStatus, STATUS_TEXT } from "./status.ts";
export { UserAgent } from "./user_agent.ts";
