const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** A page that lists a folder: folders first, then files, each by name. */
export async function directoryListing(
  req: Request,
  folder: string,
  pathname: string,
  showDotfiles: boolean,
): Promise<Response> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const shown = entries.filter(({ name }) => showDotfiles || !name.startsWith("."));
  shown.sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || (a.name < b.name ? -1 : 1));
  const items = shown.map(({ name, isDirectory }) => {
    const tail = isDirectory ? "/" : "";
    return `<li><a href="${encodeURIComponent(name)}${tail}">${escape(name)}${tail}</a></li>`;
  });
  const up = pathname === "/" ? "" : `<li><a href="../">../</a></li>`;
  const title = `Index of ${escape(decodeURIComponent(pathname))}`;
  const page = `<!DOCTYPE html><html><head><meta charset="UTF-8"><title>${title}</title></head>` +
    `<body><h1>${title}</h1><ul>${up}${items.join("")}</ul></body></html>`;
  return new Response(req.method === "HEAD" ? null : page, {
    headers: { "content-type": "text/html; charset=UTF-8" },
  });
}
