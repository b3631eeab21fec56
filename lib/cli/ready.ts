/**
 * `hubbub ready`: asks whether the server that the settings describe can serve.
 * @module
 */
import { readConfig } from "@/lib/config.ts";

/** Whether the server is ready. */
export async function isReady(): Promise<boolean> {
  const { host, port } = readConfig(), isAny = host === "0.0.0.0" || host === "::";
  const hostname = isAny ? "localhost" : host.includes(":") ? `[${host}]` : host;
  const response = await fetch(`http://${hostname}:${port}/health/ready`).catch(() => undefined);
  return response?.ok === true;
}
