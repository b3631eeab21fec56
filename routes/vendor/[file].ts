import { HttpError } from "fresh";
import { define } from "@/lib/http/state.ts";
import { segments } from "@/lib/http/path_params.ts";

const folder = new URL("../../static/vendor/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { css: "text/css", js: "text/javascript", txt: "text/plain" };

/** `/vendor/{file}`: what the pages about the API load of other packages, as it was packed at build time. */
export const handler = define.handlers({
  async GET({ req, url }) {
    const [, file = ""] = segments(url), type = TYPES[/^[\w.-]+\.(\w+)$/.exec(file)?.[1] ?? ""];
    const packed = type && await Deno.readFile(new URL(`${file}.gz`, folder)).catch(() => undefined);
    if (!packed) throw new HttpError(404);
    // Every browser takes it packed; for a program that does not say so it is unpacked.
    const isTaken = req.headers.get("accept-encoding")?.includes("gzip") ?? false;
    const body = new Blob([packed]).stream();
    return new Response(isTaken ? body : body.pipeThrough(new DecompressionStream("gzip")), {
      headers: {
        "content-type": `${type}; charset=utf-8`,
        ...(isTaken ? { "content-encoding": "gzip" } : {}),
        vary: "accept-encoding",
        // The page's address of it names the build.
        "cache-control": url.search === "" ? "no-cache" : "public, max-age=31536000, immutable",
      },
    });
  },
});
