const TABLE = [
  [100, "Continue", "Continue"],
  [101, "SwitchingProtocols", "Switching Protocols"],
  [102, "Processing", "Processing"],
  [103, "EarlyHints", "Early Hints"],
  [200, "OK", "OK"],
  [201, "Created", "Created"],
  [202, "Accepted", "Accepted"],
  [203, "NonAuthoritativeInfo", "Non-Authoritative Information"],
  [204, "NoContent", "No Content"],
  [205, "ResetContent", "Reset Content"],
  [206, "PartialContent", "Partial Content"],
  [207, "MultiStatus", "Multi-Status"],
  [208, "AlreadyReported", "Already Reported"],
  [226, "IMUsed", "IM Used"],
  [300, "MultipleChoices", "Multiple Choices"],
  [301, "MovedPermanently", "Moved Permanently"],
  [302, "Found", "Found"],
  [303, "SeeOther", "See Other"],
  [304, "NotModified", "Not Modified"],
  [305, "UseProxy", "Use Proxy"],
  [307, "TemporaryRedirect", "Temporary Redirect"],
  [308, "PermanentRedirect", "Permanent Redirect"],
  [400, "BadRequest", "Bad Request"],
  [401, "Unauthorized", "Unauthorized"],
  [402, "PaymentRequired", "Payment Required"],
  [403, "Forbidden", "Forbidden"],
  [404, "NotFound", "Not Found"],
  [405, "MethodNotAllowed", "Method Not Allowed"],
  [406, "NotAcceptable", "Not Acceptable"],
  [407, "ProxyAuthRequired", "Proxy Authentication Required"],
  [408, "RequestTimeout", "Request Timeout"],
  [409, "Conflict", "Conflict"],
  [410, "Gone", "Gone"],
  [411, "LengthRequired", "Length Required"],
  [412, "PreconditionFailed", "Precondition Failed"],
  [413, "ContentTooLarge", "Content Too Large"],
  [414, "URITooLong", "URI Too Long"],
  [415, "UnsupportedMediaType", "Unsupported Media Type"],
  [416, "RangeNotSatisfiable", "Range Not Satisfiable"],
  [417, "ExpectationFailed", "Expectation Failed"],
  [418, "Teapot", "I'm a teapot"],
  [421, "MisdirectedRequest", "Misdirected Request"],
  [422, "UnprocessableEntity", "Unprocessable Entity"],
  [423, "Locked", "Locked"],
  [424, "FailedDependency", "Failed Dependency"],
  [425, "TooEarly", "Too Early"],
  [426, "UpgradeRequired", "Upgrade Required"],
  [428, "PreconditionRequired", "Precondition Required"],
  [429, "TooManyRequests", "Too Many Requests"],
  [431, "RequestHeaderFieldsTooLarge", "Request Header Fields Too Large"],
  [451, "UnavailableForLegalReasons", "Unavailable For Legal Reasons"],
  [500, "InternalServerError", "Internal Server Error"],
  [501, "NotImplemented", "Not Implemented"],
  [502, "BadGateway", "Bad Gateway"],
  [503, "ServiceUnavailable", "Service Unavailable"],
  [504, "GatewayTimeout", "Gateway Timeout"],
  [505, "HTTPVersionNotSupported", "HTTP Version Not Supported"],
  [506, "VariantAlsoNegotiates", "Variant Also Negotiates"],
  [507, "InsufficientStorage", "Insufficient Storage"],
  [508, "LoopDetected", "Loop Detected"],
  [510, "NotExtended", "Not Extended"],
  [511, "NetworkAuthenticationRequired", "Network Authentication Required"],
] as const;

type Row = typeof TABLE[number];
type Starting<Digit extends number> = Extract<`${Row[0]}`, `${Digit}${string}`> extends infer Text
  ? Text extends `${infer N extends number}` ? N : never
  : never;

/** Every registered status code. */
export type StatusCode = Row[0];
/** Codes from 100 to 199. */
export type InformationalStatus = Starting<1>;
/** Codes from 200 to 299. */
export type SuccessfulStatus = Starting<2>;
/** Codes from 300 to 399. */
export type RedirectStatus = Starting<3>;
/** Codes from 400 to 499. */
export type ClientErrorStatus = Starting<4>;
/** Codes from 500 to 599. */
export type ServerErrorStatus = Starting<5>;
/** Codes from 400 to 599. */
export type ErrorStatus = ClientErrorStatus | ServerErrorStatus;

type Codes = { readonly [R in Row as R[1]]: R[0] };
type Texts = { readonly [R in Row as R[0]]: R[2] };

function column<Result>(
  pair: (row: Row) => [PropertyKey, unknown],
  guard: (table: object) => table is Result & object,
) {
  const table = Object.fromEntries(TABLE.map(pair));
  if (!guard(table)) {
    throw new TypeError("Cannot build the status table as a row is missing");
  }
  return table;
}

const complete = (table: object) => Object.keys(table).length === TABLE.length;

/** The code of each status by its name, such as `STATUS_CODE.NotFound`. */
export const STATUS_CODE: Codes = column(
  (row) => [row[1], row[0]],
  (table): table is Codes => complete(table),
);

/** The reason phrase of each code. */
export const STATUS_TEXT: Texts = column(
  (row) => [row[0], row[2]],
  (table): table is Texts => complete(table),
);

/** Whether the number is a registered status code. */
export function isStatus(status: number): status is StatusCode {
  return Object.hasOwn(STATUS_TEXT, status);
}

function isBetween(status: number, first: number, last: number): boolean {
  return isStatus(status) && status >= first && status <= last;
}

/** Whether the number is a registered code of the class 1xx. */
export function isInformationalStatus(
  status: number,
): status is InformationalStatus {
  return isBetween(status, 100, 199);
}

/** Whether the number is a registered code of the class 2xx. */
export function isSuccessfulStatus(status: number): status is SuccessfulStatus {
  return isBetween(status, 200, 299);
}

/** Whether the number is a registered code of the class 3xx. */
export function isRedirectStatus(status: number): status is RedirectStatus {
  return isBetween(status, 300, 399);
}

/** Whether the number is a registered code of the class 4xx. */
export function isClientErrorStatus(
  status: number,
): status is ClientErrorStatus {
  return isBetween(status, 400, 499);
}

/** Whether the number is a registered code of the class 5xx. */
export function isServerErrorStatus(
  status: number,
): status is ServerErrorStatus {
  return isBetween(status, 500, 599);
}

/** Whether the number is a registered code of the class 4xx or 5xx. */
export function isErrorStatus(status: number): status is ErrorStatus {
  return isBetween(status, 400, 599);
}
