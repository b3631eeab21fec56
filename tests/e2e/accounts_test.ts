import { assertEquals } from "@std/assert";
import {
  type BrowserHarness,
  connected,
  join,
  openBrowserHarness,
  passwordOf,
  register,
  roomLink,
  say,
  sees,
} from "@/tests/e2e/browser_harness.ts";
import type { Visitor } from "@/tests/e2e/browser_harness.ts";

// The browser's driver keeps its own sockets and timers from test to test.
const options = { sanitizeOps: false, sanitizeResources: false };
let harness: BrowserHarness;
/** Hashing a password takes its time, so these two serve every test. */
let ada: Visitor, ben: Visitor;

Deno.test.beforeAll(async () => {
  harness = await openBrowserHarness();
  [ada, ben] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([register(ada.page, "Ada"), register(ben.page, "Ben")]);
});
Deno.test.afterAll(async () => await harness[Symbol.asyncDispose]());

Deno.test("a direct message shows at once as unread, until it is read", options, async () => {
  await Promise.all([ada.page.goto("/rooms/1"), ben.page.goto("/people")]);
  await connected(ada.page);
  await ben.page.getByRole("link", { name: "Ada" }).click();
  await ben.page.getByRole("button", { name: "Message" }).click();
  await ben.page.getByRole("heading", { level: 1, name: "Ada" }).waitFor();
  await connected(ben.page);
  const link = roomLink(ada.page, "Ben");
  await link.waitFor();
  await say(ben.page, "direct-1 hello Ada", "Ada");
  await ada.page.getByRole("link", { name: "Ben 1 unread message" }).waitFor();
  assertEquals(await link.locator("bdi").evaluate((name) => getComputedStyle(name).fontWeight), "600");
  await link.click();
  await sees(ada.page, "direct-1 hello Ada");
  await connected(ada.page);
  await say(ada.page, "direct-2 hello Ben", "Ben");
  await sees(ben.page, "direct-2 hello Ben");
  assertEquals(await ada.page.getByRole("link", { name: /unread/ }).count(), 0);
});

Deno.test("reading in one tab marks read in the others; mentions are counted separately", options, async () => {
  const second = await ada.context.newPage();
  await Promise.all([ada.page.goto("/rooms/1"), second.goto("/settings"), ben.page.goto("/rooms/1")]);
  await Promise.all([connected(ada.page), connected(ben.page)]);
  const room = await makeRoom(ada.page, "tides", "Ben");
  await ben.page.goto(room);
  await connected(ben.page);
  await ada.page.goto("/rooms/1");
  await second.goto("/rooms/1");
  await Promise.all([connected(ada.page), connected(second)]);
  await say(ben.page, "tides-1 high at nine", "tides");
  await say(ben.page, "tides-2 @Ada, will you be there?", "tides");
  const waits = /tides 2 unread messages, 1 mention$/;
  await Promise.all([ada.page, second].map((page) => page.getByRole("link", { name: waits }).waitFor()));
  await second.goto(room);
  await sees(second, "tides-2");
  await roomLink(ada.page, "tides").and(ada.page.locator(":not(.unread)")).waitFor();
  await connected(second);
  // Now without a page being opened: it comes in under the reader's eyes.
  await second.bringToFront();
  await say(ben.page, "tides-3 and low at three", "tides");
  await sees(second, "tides-3");
  const left = await ada.page.evaluate(async () => {
    for (const until = performance.now() + 8_000;;) {
      const waiting: { name: string; unread: number }[] = await (await fetch("/api/chat/me/unread")).json();
      const unread = waiting.find(({ name }) => name === "tides")?.unread;
      if (unread === 0 || performance.now() > until) return unread;
    }
  });
  assertEquals(left, 0);
  await second.close();
});

Deno.test("an invite link lets an account into a private room; removal takes effect at once", options, async () => {
  const room = await makeRoom(ada.page, "harbour", "");
  await ada.page.goto(`${room}/settings/invites`);
  await ada.page.getByRole("button", { name: "Create link" }).click();
  const link = await ada.page.getByRole("textbox", { name: "Link" }).inputValue();
  await ada.page.getByRole("img", { name: "QR code" }).waitFor();
  const fay = await harness.visit();
  await fay.page.goto(link);
  await fay.page.getByText("invited you to").waitFor();
  await fay.page.getByRole("link", { name: "Create account" }).click();
  await fay.page.getByLabel("Name").fill("Fay");
  await fay.page.getByLabel("Password").fill(passwordOf("Fay"));
  await fay.page.getByRole("button", { name: "Create account" }).click();
  await fay.page.getByRole("button", { name: "Join" }).click();
  await fay.page.getByRole("heading", { level: 1, name: "harbour" }).waitFor();
  await connected(fay.page);
  await say(fay.page, "harbour-1 I am in", "harbour");
  await ada.page.goto(`${room}/settings/members`);
  await ada.page.getByLabel(/Role of .*Fay/).selectOption("none");
  await ada.page.getByRole("button", { name: "Change the role of Fay" }).click();
  await fay.page.getByText("you're no longer a member").waitFor();
  await roomLink(fay.page, "harbour").waitFor({ state: "detached" });
  await fay.context.close();
});

Deno.test("five minutes without input is away, until the next input", options, async () => {
  await ben.page.goto("/rooms/1");
  await connected(ben.page);
  const gus = await harness.visit();
  await gus.page.clock.install();
  await join(gus.page, "Gus");
  await connected(gus.page);
  await ben.page.getByRole("complementary").getByText("Gus").waitFor();
  await gus.page.clock.fastForward("05:01");
  await ben.page.getByRole("heading", { name: "Away — 1" }).waitFor();
  await gus.page.mouse.move(100, 100);
  await gus.page.mouse.move(120, 120);
  await ben.page.getByRole("heading", { name: "Away — 1" }).waitFor({ state: "detached" });
  await gus.context.close();
});

Deno.test("signing out in one tab signs out the others, which lead back after signing in", options, async () => {
  const one = await harness.visit();
  await one.page.goto("/login?next=/rooms/1");
  await one.page.getByLabel("Name").fill("Ben");
  await one.page.getByLabel("Password").fill("not this");
  await one.page.getByRole("button", { name: "Sign in" }).click();
  await one.page.getByRole("alert").getByText("Wrong name or password").waitFor();
  await one.page.getByLabel("Password").fill(passwordOf("Ben"));
  await one.page.getByRole("button", { name: "Sign in" }).click();
  await one.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
  const other = await one.context.newPage();
  await other.goto("/rooms/1?from=here");
  await connected(other);
  await one.page.getByRole("button", { name: "Sign out" }).click();
  await one.page.getByLabel("What's your name?").waitFor();
  await other.waitForURL((url) => url.pathname === "/login");
  assertEquals(new URL(other.url()).searchParams.get("next"), "/rooms/1?from=here");
  await one.context.close();
});

Deno.test("without scripts: create an account, write a direct message, sign out", options, async () => {
  const { page, context } = await harness.visit({ javaScriptEnabled: false });
  await register(page, "Noa");
  await page.goto("/people/Ada");
  await page.getByRole("button", { name: "Message" }).click();
  await page.getByRole("textbox", { name: "Message Ada" }).fill("plain-1 by form");
  await page.getByRole("button", { name: "Send" }).click();
  await sees(page, "plain-1");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("What's your name?").waitFor();
  await context.close();
});

/** Makes a private room by the dialog of the sidebar, and answers its path. */
async function makeRoom(page: Visitor["page"], name: string, people: string): Promise<string> {
  await page.goto("/rooms/1");
  await connected(page);
  await page.getByRole("link", { name: "New room" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Invited people only").check();
  await dialog.getByLabel("Add people").fill(people);
  await dialog.getByRole("button", { name: "Create room" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return new URL(page.url()).pathname;
}
