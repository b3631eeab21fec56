import { assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@^1";
import { openBrowserHarness } from "@/tests/e2e/browser_harness.ts";

/** Opens a page, and collects what goes wrong on it and what it asks of other sites. */
async function watched(page: Page, path: string, home: string): Promise<string[]> {
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(message.text());
  });
  page.on("pageerror", ({ message }) => wrong.push(message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !/^(blob|data):/.test(url)) wrong.push(`asks ${url}`);
  });
  await page.goto(path);
  return wrong;
}

Deno.test("the API references work under the pages' policy, with files of this server alone", async (t) => {
  await using harness = await openBrowserHarness();
  const { context, page } = await harness.visit();

  await t.step("Swagger UI lists what there is, and sends what one fills in", async () => {
    const wrong = await watched(page, "/docs", harness.url);
    const operation = page.locator("#operations-Rooms-postApiChatRooms");
    await operation.getByText("Create a room").click();
    await operation.getByRole("button", { name: "Try it out" }).click();
    await operation.getByRole("textbox").fill('{"name":"from the docs"}');
    const [response] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/api/chat/rooms")),
      operation.getByRole("button", { name: "Execute" }).click(),
    ]);
    assertEquals(response.status(), 201);
    await operation.locator(".live-responses-table").getByText('"from the docs"').waitFor();
    assertEquals(wrong, []);
  });

  await t.step("ReDoc shows the same on one page", async () => {
    const other = await context.newPage(), wrong = await watched(other, "/redoc", harness.url);
    await other.getByRole("heading", { name: "Create a room" }).waitFor();
    await other.getByRole("heading", { name: "Hubbub" }).first().waitFor();
    assertEquals(wrong, []);
  });

  await t.step("the page of the sockets is as wide as the screen and no wider", async () => {
    const other = await context.newPage();
    await other.setViewportSize({ width: 360, height: 740 });
    const wrong = await watched(other, "/docs/websocket", harness.url);
    await other.getByRole("heading", { name: "users_list" }).waitFor();
    const [wide, screen] = await other.evaluate(() => [document.body.scrollWidth, globalThis.innerWidth] as const);
    assertEquals(wide, screen);
    assertEquals(wrong, []);
  });
});
