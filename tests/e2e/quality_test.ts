import { assert, assertEquals } from "@std/assert";
import axe from "npm:axe-core@^4";
import type { Page } from "npm:playwright-core@^1";
import {
  type BrowserHarness,
  connected,
  join,
  openBrowserHarness,
  register,
  say,
  sees,
} from "@/tests/e2e/browser_harness.ts";
import { TIMED } from "@/tests/limits.ts";

// The browser's driver keeps its own sockets and timers from test to test.
const options = { sanitizeOps: false, sanitizeResources: false };
const THEMES = ["dark", "light", "violet", "contrast"];
const WIDTHS = [320, 360, 900, 1600];
const SCRIPTS_MAX = 70_000;
const STYLES_MAX = 15_000;
const SHIFT_MAX = 0.02;
let harness: BrowserHarness;

Deno.test.beforeAll(async () => {
  harness = await openBrowserHarness();
});
Deno.test.afterAll(async () => await harness[Symbol.asyncDispose]());

/** What axe has against a page: rule and elements. The page's policy does not bind the driver's own scripts. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const run: unknown = Reflect.get(globalThis, "axe").run;
    if (typeof run !== "function") throw new Error("axe did not load");
    const { violations } = await run(document);
    return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
    );
  });
}

Deno.test("axe finds nothing on any screen, in any theme", options, async () => {
  const visitor = await harness.visit();
  const { page, context } = visitor;
  await page.setContent("<html><body><img src='data:,'></body></html>");
  assert((await faults(page)).some((fault) => fault.startsWith("image-alt")), "axe sees a fault where there is one");
  for (const theme of THEMES) {
    await context.addCookies([{ name: "theme", value: theme, url: harness.url }]);
    await page.goto("/");
    assertEquals(await faults(page), [], `front door, ${theme}`);
  }
  await join(page, "Axel");
  await connected(page);
  await say(page, "axe-1 with `code`, **bold** and https://example.org\n```\nfenced\n```");
  await sees(page, "axe-1");
  for (const theme of THEMES) {
    await context.addCookies([{ name: "theme", value: theme, url: harness.url }]);
    for (
      const path of [
        "/rooms/1",
        "/rooms/1#people",
        "/rooms",
        "/rooms/new",
        "/rooms/1/settings",
        "/join",
        "/docs/websocket",
        "/nowhere",
      ]
    ) {
      await page.goto(path);
      assertEquals(await faults(page), [], `${path}, ${theme}`);
    }
  }
  await page.goto("/rooms/1");
  await connected(page);
  await page.getByRole("link", { name: "New room" }).click();
  await page.getByRole("dialog").waitFor();
  assertEquals(await faults(page), [], "dialog");
  await context.close();
});

/** Every page that is about accounts, for a visitor who is called Ann, owns room 2, and talks to Bea in room 3. */
const ACCOUNT_PAGES = [
  "/rooms/2",
  "/rooms/3",
  "/rooms/new",
  "/rooms/2/settings",
  "/rooms/2/settings/members",
  "/rooms/2/settings/invites",
  "/rooms/3/settings",
  "/people",
  "/people?q=nobody",
  "/people/Ann",
  "/people/Bea",
  "/login",
  "/settings",
  "/settings/picture",
  "/settings/appearance",
  "/settings/password",
  "/settings/sessions",
  "/settings/tokens",
  "/settings/data",
];

/** Ann, as {@link ACCOUNT_PAGES} says, and a visitor without an account. */
async function accounts() {
  const [ann, bea, stranger] = await Promise.all([harness.visit(), harness.visit(), harness.visit()]);
  await register(ann.page, "Ann");
  await register(bea.page, "Bea");
  await ann.page.goto("/rooms/new");
  await ann.page.getByLabel("Name", { exact: true }).fill("planning the very long weekend by the sea in autumn");
  await ann.page.getByLabel("Invited people only").check();
  await ann.page.getByLabel("Add people").fill("Bea");
  await ann.page.getByRole("button", { name: "Create room" }).click();
  await ann.page.getByRole("link", { name: "Room settings" }).waitFor();
  await ann.page.goto("/rooms/2/settings/invites");
  await ann.page.getByRole("button", { name: "Create link" }).click();
  const invitation = new URL(await ann.page.getByRole("textbox", { name: "Link" }).inputValue()).pathname;
  await ann.page.goto("/settings/tokens");
  await ann.page.getByLabel("What's it for?").fill("a script that keeps a copy of everything, every night");
  await ann.page.getByLabel("Read rooms").check();
  await ann.page.getByRole("button", { name: "Create token" }).click();
  await ann.page.getByLabel("Your new token").waitFor();
  await bea.page.goto("/people/Ann");
  await bea.page.getByRole("button", { name: "Message" }).click();
  await connected(bea.page);
  await say(bea.page, "waits for Ann", "Ann");
  await sees(bea.page, "waits for Ann");
  return { ann, stranger, invitation, leave: () => Promise.all([ann, bea, stranger].map((v) => v.context.close())) };
}

Deno.test("axe finds nothing on account pages in any theme, and none scrolls sideways", options, async () => {
  const { ann, stranger, invitation, leave } = await accounts();
  const visits = [
    ...ACCOUNT_PAGES.map((path) => ({ page: ann.page, path })),
    ...["/login", "/register", "/people/Ann", invitation, "/join/over"].map((path) => ({ page: stranger.page, path })),
  ];
  for (const { page, path } of visits) {
    for (const theme of THEMES) {
      await page.context().addCookies([{ name: "theme", value: theme, url: harness.url }]);
      await page.goto(path);
      assertEquals(await faults(page), [], `${path}, ${theme}`);
    }
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(over <= 0, `${path} at ${width} px is ${over} px too wide`);
    }
  }
  await stranger.page.goto("/login");
  await stranger.page.getByLabel("Name").fill("Ann");
  await stranger.page.getByLabel("Password").fill("no");
  await stranger.page.getByRole("button", { name: "Sign in" }).click();
  await stranger.page.getByRole("alert").waitFor();
  assertEquals(await faults(stranger.page), [], "a refused form");
  await leave();
});

Deno.test("touch targets are large enough", options, async () => {
  const { page, context } = await harness.visit({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await register(page, "Tao");
  await page.goto("/rooms/new");
  await page.getByLabel("Name", { exact: true }).fill("fingers");
  await page.getByRole("button", { name: "Create room" }).click();
  await page.getByRole("link", { name: "Room settings" }).waitFor();
  const room = new URL(page.url()).pathname;
  await page.goto(`${room}/settings/invites`);
  await page.getByRole("button", { name: "Create link" }).click();
  const own = ["", "/picture", "/appearance", "/password", "/sessions", "/tokens", "/data"];
  const paths = [
    ...own.map((part) => `/settings${part}`),
    ...["", "/settings", "/settings/members", "/settings/invites"].map((part) => room + part),
    ...["/rooms", "/rooms/new", "/people", "/people/Tao", "/login", "/register", "/join", "/nowhere"],
  ];
  const small: string[] = [];
  for (const path of paths) {
    await page.goto(path);
    small.push(...(await tooSmall(page)).map((what) => `${path}: ${what}`));
  }
  assertEquals(small, []);
  await context.close();
});

/** What one can press on a page and is less than 44 pixels high or 40 wide; links inside a sentence are part of its line. */
async function tooSmall(page: Page): Promise<string[]> {
  return await page.locator("a, button, select, summary, label.tick, .field > input").evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      const inSentence = element.matches("p > a") && element.parentElement?.textContent !== element.textContent;
      const isShown = width > 1 && height > 1 && getComputedStyle(element).visibility === "visible";
      if (!isShown || inSentence || element.matches(".skip") || (height > 43.5 && width > 40)) return [];
      return [`${element.outerHTML.slice(0, 80)} ${Math.round(width)} x ${Math.round(height)}`];
    })
  );
}

Deno.test("a phone shows the room list alone, on a complete page", options, async () => {
  const { page, context } = await harness.visit({ viewport: { width: 360, height: 740 } });
  await join(page, "Pia");
  await page.goto("/rooms");
  assertEquals(await faults(page), []);
  await page.getByRole("heading", { level: 1, name: "Rooms" }).waitFor();
  assertEquals(await page.getByText("Choose a room, or create one").isVisible(), false);
  await page.setViewportSize({ width: 1280, height: 800 });
  const [main, line] = await Promise.all(
    [page.getByRole("main"), page.getByText("Choose a room, or create one")].map((part) => part.boundingBox()),
  );
  const middle = ({ y, height }: { y: number; height: number }) => y + height / 2;
  assert(Math.abs(middle(main!) - middle(line!)) < 60, "what is shown beside the list stands in the middle");
  await context.close();
});

Deno.test("right-to-left names are aligned with the others", options, async () => {
  const { page, context } = await harness.visit();
  await register(page, "אברהם");
  for (const name of ["tides", "غرفة"]) {
    await page.goto("/rooms/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Create room" }).click();
    await page.getByRole("link", { name: "Room settings" }).waitFor();
  }
  const start = (name: string) =>
    page.getByRole("navigation").locator("bdi", { hasText: name }).evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return Math.round(range.getBoundingClientRect().left);
    });
  assertEquals(await start("غرفة"), await start("tides"));
  await context.close();
});

Deno.test("no screen scrolls sideways, from the smallest phone on", options, async () => {
  const { page, context } = await harness.visit();
  await join(page, "Wanda");
  await connected(page);
  await say(
    page,
    `wide-1 ${"Donaudampfschifffahrtsgesellschaft".repeat(12)} https://example.org/${"path/".repeat(60)}`,
  );
  await sees(page, "wide-1");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/rooms/1", "/rooms", "/rooms/new", "/join", "/rooms/1/settings"]) {
      await page.goto(path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(over <= 0, `${path} at ${width} px is ${over} px too wide`);
    }
  }
  await context.close();
});

Deno.test("a room's page keeps its budgets: script, style, layout shift", options, async () => {
  const { page, context } = await harness.visit();
  await join(page, "Bud");
  await connected(page);
  for (let index = 0; index < 20; index++) await say(page, `budget ${index}`);
  await sees(page, "budget 19");
  const sizes = { script: 0, stylesheet: 0 };
  page.on("response", async (response) => {
    const type = response.request().resourceType();
    if (type === "script" || type === "stylesheet") sizes[type] += await gzipped(await response.body());
  });
  await page.goto("/rooms/1");
  await connected(page);
  const shift = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      let sum = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += Number(Reflect.get(entry, "value"));
      });
      observer.observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
    })
  );
  assert(sizes.script > 0 && sizes.script <= SCRIPTS_MAX, `${sizes.script} bytes of script`);
  assert(sizes.stylesheet > 0 && sizes.stylesheet <= STYLES_MAX, `${sizes.stylesheet} bytes of style`);
  assert(shift <= SHIFT_MAX, `layout shift of ${shift}`);
  await context.close();
});

Deno.test(
  "the page runs under a policy without inline script or style, and says nothing in the console",
  options,
  async () => {
    const { page, context } = await harness.visit();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await join(page, "Poly");
    await connected(page);
    await say(page, "policy-1");
    await sees(page, "policy-1");
    const response = await page.goto("/rooms/1");
    await connected(page);
    const policy = response?.headers()["content-security-policy"] ?? "";
    assert(/script-src 'self' 'nonce-[^']+'/.test(policy), policy);
    assert(!policy.includes("unsafe-inline") && !policy.includes("upgrade-insecure-requests"), policy);
    assertEquals(complaints, []);
    await context.close();
  },
);

Deno.test("a sent message is painted within 50 ms of the key", { ...options, ...TIMED }, async () => {
  const { page, context } = await harness.visit();
  await join(page, "Quick");
  await connected(page);
  await say(page, "quick-0 warm");
  await sees(page, "quick-0");
  const field = page.getByRole("textbox", { name: "Message general" });
  const times: number[] = [];
  for (let turn = 1; turn <= 7; turn++) {
    await field.fill(`quick-${turn} painted`);
    times.push(
      await field.evaluate((area, text) =>
        new Promise<number>((resolve) => {
          const start = performance.now();
          const observer = new MutationObserver(() => {
            if (!document.querySelector(".timeline, main")?.textContent?.includes(text)) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
          });
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        }), `quick-${turn} painted`),
    );
  }
  const median = times.sort((a, b) => a - b)[3]!;
  assert(median < 50, `${median} ms`);
  await context.close();
});

async function gzipped(body: Uint8Array): Promise<number> {
  const stream = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
