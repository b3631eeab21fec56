import { description } from "@/lib/http/openapi/document.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/openapi.json`: the description of the API. It changes only with the program. */
export const handler = endpoint({
  GET({ req }) {
    const { text, etag } = description();
    const headers = { etag, "cache-control": "public, max-age=0, must-revalidate" };
    const known = req.headers.get("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (known?.includes(etag) || known?.includes("*")) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, "content-type": "application/json" } });
  },
});
