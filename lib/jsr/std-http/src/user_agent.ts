type Rule = readonly [name: string, pattern: RegExp];

// The first rule that matches decides, so browsers that imitate another one come before it.
const BROWSERS: readonly Rule[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/[\w.]/],
  ["Opera", /\bOPR\/[\w.]/],
  ["Samsung Internet", /\bSamsungBrowser\/[\w.]/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/[\w.]/],
  ["Chrome", /\b(?:Chrome|CriOS)\/[\w.]/],
  ["Mobile Safari", /\bVersion\/[\w.]+.*Mobile.*Safari/],
  ["Safari", /\bVersion\/[\w.]+.*Safari/],
];

const SYSTEMS: readonly Rule[] = [
  ["Windows", /\bWindows NT [\d.]/],
  ["Android", /\bAndroid/],
  ["iOS", /\b(?:iPhone|CPU) OS [\d_]/],
  ["Mac OS", /\bMac OS X [\d_.]/],
  ["Chrome OS", /\bCrOS \w+ [\d.]/],
  ["Linux", /\bLinux\b/],
];

/** The product that a `User-Agent` header names. */
export interface Product {
  /** The name, such as `Firefox` or `Linux`; undefined if it is unknown. */
  readonly name: string | undefined;
}

function find(rules: readonly Rule[], ua: string): Product {
  return { name: rules.find(([, pattern]) => pattern.test(ua))?.[0] };
}

/** A parsed `User-Agent` header. It is for display only, as clients can send any text. */
export class UserAgent {
  /** The browser. */
  readonly browser: Product;
  /** The operating system. */
  readonly os: Product;

  /** @param ua The value of the header. */
  constructor(ua: string) {
    this.browser = find(BROWSERS, ua);
    this.os = find(SYSTEMS, ua);
  }
}
