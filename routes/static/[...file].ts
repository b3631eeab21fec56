import { serveDir } from "@std/http";
import { define } from "@/lib/http/state.ts";

const fsRoot = `${import.meta.dirname}/../../static`;

/** `/static/{file}`: the files that the pages ask for at the root, under the address that clients of protocol 2 know. */
export const handler = define.handlers({
  GET: ({ req }) => serveDir(req, { fsRoot, urlRoot: "static", quiet: true }),
});
