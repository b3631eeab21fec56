/**
 * A server and browsers for end-to-end tests.
 * @module
 */
import type { Browser, BrowserContext, Locator, Page } from "npm:playwright-core@^1";
import { openBrowser } from "@/tests/browser.ts";
import { type Running, startServer } from "@/tests/process.ts";

/** A server in a process of its own, and a browser. */
export interface BrowserHarness extends AsyncDisposable {
  readonly browser: Browser;
  /** The address of the server that runs now. */
  readonly url: string;
  /** Kills the server with -9 and starts it again on the same store and port. */
  killAndRestart(): Promise<void>;
  /** Opens a fresh browser profile. */
  visit(options?: Parameters<Browser["newContext"]>[0]): Promise<Visitor>;
}

/** One browser profile with one page. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Starts the server and the browser. */
export async function openBrowserHarness(): Promise<BrowserHarness> {
  const dataDir = await Deno.makeTempDir();
  let server: Running = await startServer(dataDir);
  const port = new URL(server.url).port;
  const browser = await openBrowser();
  return {
    browser,
    get url() {
      return server.url;
    },
    async killAndRestart() {
      server.kill("SIGKILL");
      await server.ended;
      server = await startServer(dataDir, { PORT: port });
    },
    async visit(options) {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      context.setDefaultTimeout(10_000);
      return { context, page: await context.newPage() };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

/** Joins as a guest from the landing page, which leads to `general`. */
export async function join(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("What's your name?").fill(name);
  await page.getByRole("button", { name: "Join as guest" }).click();
  await page.getByRole("heading", { level: 1, name: "general" }).waitFor();
}

/** Creates an account, and opens `general` with it. See {@link passwordOf}. */
export async function register(page: Page, name: string): Promise<void> {
  await page.goto("/register?next=/rooms/1");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(passwordOf(name));
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { level: 1, name: "general" }).waitFor();
}

/** The password of an account created by {@link register}. */
export function passwordOf(name: string): string {
  return `a long walk with ${name}`;
}

/** The sidebar's link to a room, by the beginning of its name: the unread counts follow. */
export function roomLink(page: Page, name: string): Locator {
  return page.getByRole("navigation").getByRole("link", { name: new RegExp(`^(private )?${name}`) });
}

/** Waits until the page's socket is open. */
export async function connected(page: Page): Promise<void> {
  await page.locator("[data-connection=live]").first().waitFor({ state: "attached" });
}

/** Types a message and sends it with Enter. */
export async function say(page: Page, text: string, room = "general"): Promise<void> {
  const field = page.getByRole("textbox", { name: `Message ${room}` });
  await field.fill(text);
  await field.press("Enter");
}

/** Waits until an acknowledged message with this text is in the timeline. */
export async function sees(page: Page, text: string): Promise<void> {
  await page.locator("[data-message]").filter({ hasText: text }).first().waitFor();
}

/** The texts of the acknowledged messages that begin with a prefix, oldest first. */
export async function texts(page: Page, prefix: string): Promise<string[]> {
  const all = await page.locator("[data-message]").locator("p").allTextContents();
  return all.map((text) => text.trim()).filter((text) => text.startsWith(prefix));
}
