/**
 * A browser for tests.
 * @module
 */
import executable from "npm:@sparticuz/chromium@^153";
import { type Browser, chromium } from "npm:playwright-core@^1";

/** Opens a browser, which closes at the end. */
export async function openBrowser(): Promise<Browser> {
  // The sandbox needs rights that a test's machine may not give; in one process a closed context would take all with it.
  const args = [...executable.args.filter((arg) => arg !== "--single-process"), "--no-sandbox"];
  return await chromium.launch({ executablePath: await executable.executablePath(), args, headless: true });
}
