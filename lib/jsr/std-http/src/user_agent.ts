/** A browser: its name, version and the first part of that. */
export interface Browser {
  /** The name, such as `Firefox`. */
  readonly name: string | undefined;
  /** The whole version. */
  readonly version: string | undefined;
  /** The version up to its first dot. */
  readonly major: string | undefined;
}

/** The device, where the text tells it. */
export interface Device {
  /** The model, such as `iPhone`. */
  readonly model: string | undefined;
  /** `mobile` or `tablet`; undefined for a computer. */
  readonly type: string | undefined;
  /** Who makes it. */
  readonly vendor: string | undefined;
}

/** The layout engine. */
export interface Engine {
  /** The name, such as `Gecko`. */
  readonly name: string | undefined;
  /** Its version. */
  readonly version: string | undefined;
}

/** The operating system. */
export interface Os {
  /** The name, such as `Windows`. */
  readonly name: string | undefined;
  /** Its version. */
  readonly version: string | undefined;
}

/** The processor. */
export interface Cpu {
  /** Such as `amd64` or `arm64`. */
  readonly architecture: string | undefined;
}

type Rule = readonly [name: string, pattern: RegExp];

// The first rule that fits wins: those that pretend to be another browser come before it.
const BROWSERS: readonly Rule[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/([\w.]+)/],
  ["Opera", /\bOPR\/([\w.]+)/],
  ["Samsung Internet", /\bSamsungBrowser\/([\w.]+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/([\w.]+)/],
  ["Chrome", /\b(?:Chrome|CriOS)\/([\w.]+)/],
  ["Mobile Safari", /\bVersion\/([\w.]+).*Mobile.*Safari/],
  ["Safari", /\bVersion\/([\w.]+).*Safari/],
];

const ENGINES: readonly Rule[] = [
  ["EdgeHTML", /\bEdge\/([\w.]+)/],
  ["Blink", /\bChrome\/([\w.]+)/],
  ["WebKit", /\bAppleWebKit\/([\w.]+)/],
  ["Gecko", /\brv:([\w.]+)\).*Gecko/],
];

const SYSTEMS: readonly Rule[] = [
  ["Windows", /\bWindows NT ([\d.]+)/],
  ["Android", /\bAndroid ?([\d.]*)/],
  ["iOS", /\b(?:iPhone|CPU) OS ([\d_]+)/],
  ["Mac OS", /\bMac OS X ([\d_.]+)/],
  ["Chrome OS", /\bCrOS \w+ ([\d.]+)/],
  ["Linux", /\bLinux\b ?([\d.]*)/],
];

const WINDOWS: Record<string, string> = {
  "10.0": "10",
  "6.3": "8.1",
  "6.2": "8",
  "6.1": "7",
};

function find(
  rules: readonly Rule[],
  ua: string,
): { name: string | undefined; version: string | undefined } {
  for (const [name, pattern] of rules) {
    const match = pattern.exec(ua);
    if (match) {
      return { name, version: match[1]?.replaceAll("_", ".") || undefined };
    }
  }
  return { name: undefined, version: undefined };
}

/** What the `User-Agent` header tells of the browser, for show only: anyone can send anything. */
export class UserAgent {
  #ua: string;

  /** @param ua The header, or null if there is none. */
  constructor(ua: string | null) {
    this.#ua = ua ?? "";
  }

  /** The browser. */
  get browser(): Browser {
    const { name, version } = find(BROWSERS, this.#ua);
    return { name, version, major: version?.split(".")[0] };
  }

  /** The processor. */
  get cpu(): Cpu {
    if (/\b(?:x86_64|Win64|x64|amd64|WOW64)\b/i.test(this.#ua)) {
      return { architecture: "amd64" };
    }
    if (/\b(?:aarch64|arm64)\b/i.test(this.#ua)) {
      return { architecture: "arm64" };
    }
    return { architecture: undefined };
  }

  /** The device. */
  get device(): Device {
    const apple = /\b(iPhone|iPad|Macintosh)\b/.exec(this.#ua)?.[1];
    if (apple) {
      const type = apple === "iPhone" ? "mobile" : apple === "iPad" ? "tablet" : undefined;
      return { model: apple, type, vendor: "Apple" };
    }
    const android = /\bAndroid\b/.test(this.#ua);
    const mobile = /\bMobile\b/.test(this.#ua);
    return {
      model: undefined,
      type: android ? (mobile ? "mobile" : "tablet") : undefined,
      vendor: undefined,
    };
  }

  /** The layout engine. */
  get engine(): Engine {
    return find(ENGINES, this.#ua);
  }

  /** The operating system. */
  get os(): Os {
    const { name, version } = find(SYSTEMS, this.#ua);
    return {
      name,
      version: name === "Windows" && version ? WINDOWS[version] ?? version : version,
    };
  }

  /** The text itself. */
  get ua(): string {
    return this.#ua;
  }

  /** The text itself. */
  toString(): string {
    return this.#ua;
  }

  /** Everything it tells, as plain data. */
  toJSON(): {
    browser: Browser;
    cpu: Cpu;
    device: Device;
    engine: Engine;
    os: Os;
    ua: string;
  } {
    const { browser, cpu, device, engine, os, ua } = this;
    return { browser, cpu, device, engine, os, ua };
  }
}
