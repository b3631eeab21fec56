/**
 * What a server of the web needs beside `Request` and `Response`: cookies, files, entity tags, negotiation, server-sent
 * events, status codes.
 *
 * @module
 */

export { type Cookie, deleteCookie, getCookies, getSetCookies, setCookie } from "./cookie.ts";
export { type DigestAlgorithm, eTag, type ETagOptions, type FileInfo, ifMatch, ifNoneMatch } from "./etag.ts";
export { serveDir, type ServeDirOptions, serveFile, type ServeFileOptions } from "./file_server.ts";
export { accepts, acceptsEncodings, acceptsLanguages } from "./negotiation.ts";
export {
  type ParsedServerSentEventMessage,
  ServerSentEventParseStream,
  type ServerSentEventParseStreamOptions,
} from "./server_sent_event_parse_stream.ts";
export { type ServerSentEventMessage, ServerSentEventStream } from "./server_sent_event_stream.ts";
export {
  type ClientErrorStatus,
  type ErrorStatus,
  type InformationalStatus,
  isClientErrorStatus,
  isErrorStatus,
  isInformationalStatus,
  isRedirectStatus,
  isServerErrorStatus,
  isStatus,
  isSuccessfulStatus,
  type RedirectStatus,
  type ServerErrorStatus,
  STATUS_CODE,
  STATUS_TEXT,
  type StatusCode,
  type SuccessfulStatus,
} from "./status.ts";
export { type Browser, type Cpu, type Device, type Engine, type Os, UserAgent } from "./user_agent.ts";
