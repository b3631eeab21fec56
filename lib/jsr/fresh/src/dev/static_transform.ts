import { asset } from "../runtime/asset.ts";

/** What a transformer is given. */
export interface OnTransformArgs {
  /** The absolute path of the file. */
  path: string;
  /** The content as bytes. */
  content: Uint8Array<ArrayBuffer>;
  /** The content as text. */
  readonly text: string;
  /** Whether the build is for the developer or for users. */
  mode: "development" | "production";
}

/** What a transformer gives: the new content, or undefined to leave it as it is. */
export type OnTransformResult =
  | { content: string | Uint8Array<ArrayBuffer> }
  | string
  | Uint8Array<ArrayBuffer>
  | undefined
  | void;

/** Which files a transformer is for. */
export interface OnTransformOptions {
  /** A name for messages. */
  pluginName: string;
  /** Fits the paths of the files. */
  filter: RegExp;
}

/** Changes a static file. */
export type TransformFn = (args: OnTransformArgs) => OnTransformResult | Promise<OnTransformResult>;

const CSS_URL = /url\(\s*(["']?)(\/[^"')]*)\1\s*\)/g;

/** Ties the addresses in a style sheet to the build. */
function lockUrls(text: string): string {
  return text.replace(CSS_URL, (_, quote: string, path: string) => `url(${quote}${asset(path)}${quote})`);
}

const encoder = new TextEncoder();

function contentOf(result: OnTransformResult): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof result !== "object" || result instanceof Uint8Array) return result ?? undefined;
  return result.content;
}

/** The static files that a build changes. */
export class StaticTransforms {
  readonly #registered: { options: OnTransformOptions; fn: TransformFn }[] = [];

  /** Adds a transformer; they run in the order in which they are added. */
  add(options: OnTransformOptions, fn: TransformFn): void {
    this.#registered.push({ options, fn });
  }

  /**
   * The content of a file after all transformers; null if there is none for it.
   *
   * @throws What a transformer throws.
   */
  async run(path: string, mode: "development" | "production"): Promise<Uint8Array<ArrayBuffer> | null> {
    const fitting = this.#registered.filter(({ options }) => options.filter.test(path));
    const isCss = path.endsWith(".css");
    if (fitting.length === 0 && !isCss) return null;
    let content = await Deno.readFile(path);
    for (const { fn } of fitting) {
      const current = content;
      const result = contentOf(
        await fn({
          path,
          content: current,
          mode,
          get text() {
            return new TextDecoder().decode(current);
          },
        }),
      );
      if (result !== undefined) content = typeof result === "string" ? encoder.encode(result) : result;
    }
    return isCss ? encoder.encode(lockUrls(new TextDecoder().decode(content))) : content;
  }
}
