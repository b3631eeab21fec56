interface Preference {
  value: string;
  quality: number;
}

/** The members of an `Accept*` header, best first; equal ones keep the order in which they were sent. */
function preferences(header: string): Preference[] {
  return header.split(",").map((member) => {
    const [value = "", ...parameters] = member.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q\s*=/i.test(parameter));
    const others = parameters.filter((parameter) => parameter !== weight);
    const quality = weight === undefined ? 1 : Number(weight.slice(weight.indexOf("=") + 1));
    return {
      value: [value, ...others].join(";"),
      quality: Number.isFinite(quality) ? quality : 1,
    };
  }).filter(({ value }) => value !== "").sort((a, b) => b.quality - a.quality);
}

type Matcher = (range: string, offered: string) => number;

/** How closely a media range fits: 0 not at all, 3 exactly. */
const mediaMatch: Matcher = (range, offered) => {
  const [rangeType, rangeSub] = (range.split(";")[0] ?? "").toLowerCase().split(
    "/",
  );
  const [type, sub] = (offered.split(";")[0] ?? "").toLowerCase().split("/");
  if (rangeType === "*") return 1;
  if (rangeType !== type) return 0;
  if (rangeSub === "*") return 2;
  return rangeSub === sub ? 3 : 0;
};

const encodingMatch: Matcher = (range, offered) => {
  if (range === "*") return 1;
  return range.toLowerCase() === offered.toLowerCase() ? 2 : 0;
};

const languageMatch: Matcher = (range, offered) => {
  const wanted = range.toLowerCase();
  const given = offered.toLowerCase();
  if (wanted === given) return 4;
  if (given.split("-")[0] === wanted) return 3;
  if (wanted.split("-")[0] === given) return 2;
  return wanted === "*" ? 1 : 0;
};

interface Candidate {
  offered: string;
  quality: number;
  closeness: number;
  position: number;
}

/** The quality of an offer is the one of the range that fits it most closely. */
function rate(
  offered: string,
  ranges: Preference[],
  match: Matcher,
): Candidate {
  const candidate: Candidate = {
    offered,
    quality: 0,
    closeness: 0,
    position: -1,
  };
  ranges.forEach((range, position) => {
    const closeness = match(range.value, offered);
    if (closeness > candidate.closeness) {
      Object.assign(candidate, { closeness, position, quality: range.quality });
    }
  });
  return candidate;
}

function best(
  header: string,
  offers: string[],
  match: Matcher,
  fallback?: string,
): string | undefined {
  const ranges = preferences(header);
  const rated = offers.map((offered) => {
    const candidate = rate(offered, ranges, match);
    // What is not mentioned, and not excluded by a wildcard, may still be sent as it is.
    return offered === fallback && candidate.closeness === 0 ? { ...candidate, quality: Number.MIN_VALUE } : candidate;
  });
  rated.sort((a, b) => b.quality - a.quality || a.position - b.position);
  const first = rated.find(({ quality }) => quality > 0);
  return first?.offered;
}

function negotiate(
  req: Pick<Request, "headers">,
  name: string,
  offers: string[],
  match: Matcher,
  fallback?: string,
) {
  const header = req.headers.get(name);
  if (offers.length > 0) {
    return header === null ? offers[0] : best(header, offers, match, fallback);
  }
  return header === null ? ["*"] : preferences(header).filter(({ quality }) => quality > 0).map((
    { value },
  ) => value);
}

/** The media types that the request prefers, best first. */
export function accepts(request: Pick<Request, "headers">): string[];
/** The one of the given media types that the request prefers, or undefined if it takes none of them. */
export function accepts<T extends string = string>(
  request: Pick<Request, "headers">,
  ...types: T[]
): T | undefined;
export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string | string[] | undefined {
  const header = request.headers.get("accept");
  if (types.length === 0 && header === null) return ["*/*"];
  return negotiate(request, "accept", types, mediaMatch);
}

/** The content encodings that the request prefers, best first. */
export function acceptsEncodings(request: Pick<Request, "headers">): string[];
/** The one of the given encodings that the request prefers, or undefined. `identity` is taken unless it is excluded. */
export function acceptsEncodings<T extends string = string>(
  request: Pick<Request, "headers">,
  ...encodings: T[]
): T | undefined;
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
) {
  return negotiate(
    request,
    "accept-encoding",
    encodings,
    encodingMatch,
    "identity",
  );
}

/** The languages that the request prefers, best first. */
export function acceptsLanguages(request: Pick<Request, "headers">): string[];
/** The one of the given languages that the request prefers, or undefined. */
export function acceptsLanguages<T extends string = string>(
  request: Pick<Request, "headers">,
  ...langs: T[]
): T | undefined;
export function acceptsLanguages(
  request: Pick<Request, "headers">,
  ...langs: string[]
) {
  return negotiate(request, "accept-language", langs, languageMatch);
}
