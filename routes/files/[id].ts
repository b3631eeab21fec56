import { ChatError } from "@/lib/errors.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** An uploaded file. Its type was sniffed, and nothing in it can run. */
export const handler = endpoint({
  async GET({ url, state: { chat, actor } }) {
    chat.permissions.requireBrowse(actor);
    const id = segments(url)[1] ?? "";
    const found = /^[0-9a-f]{32}$/.test(id) ? await chat.files.read(id) : null;
    if (!found) throw new ChatError("not_found", "This file doesn't exist any more.");
    return new Response(found.bytes, {
      headers: {
        "content-type": found.file.type,
        "content-length": String(found.file.size),
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, max-age=31536000, immutable",
      },
    });
  },
});
