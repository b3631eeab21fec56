import { api } from "@/lib/http/api.ts";
import { description } from "@/lib/http/openapi/document.ts";

/** `/openapi.json`: the description of the API, which changes with the program only. */
export const handler = api({
  GET({ req }) {
    const { text, etag } = description();
    const headers = { etag, "cache-control": "public, max-age=0, must-revalidate" };
    const known = req.headers.get("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (known?.includes(etag) || known?.includes("*")) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, "content-type": "application/json" } });
  },
});
