/** The path of a file URL. */
export function fromFileUrl(url: string | URL): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** The URL of a file. */
export function toFileUrl(path: string): string {
  return new URL(`file://${path.split("/").map(encodeURIComponent).join("/")}`).href;
}

/** The path without steps that lead nowhere; a relative one starts at the given folder. */
export function absolutePath(path: string, from: string): string {
  const steps: string[] = [];
  for (const step of (path.startsWith("/") ? path : `${from}/${path}`).split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return `/${steps.join("/")}`;
}

/** The way from a folder to a path, both absolute: as an import writes it, with `./` or `../` at the start. */
export function relativePath(from: string, to: string): string {
  const start = from.split("/").filter(Boolean);
  const target = to.split("/").filter(Boolean);
  let shared = 0;
  while (shared < start.length && shared < target.length && start[shared] === target[shared]) shared++;
  const up = start.slice(shared).map(() => "..");
  const way = [...up, ...target.slice(shared)].join("/");
  return up.length > 0 ? way : `./${way}`;
}
