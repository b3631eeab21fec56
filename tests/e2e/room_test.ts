import { assert, assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@^1";
import {
  type BrowserHarness,
  connected,
  join,
  openBrowserHarness,
  say,
  sees,
  texts,
} from "@/tests/e2e/browser_harness.ts";

// The browser's driver keeps its own sockets and timers from test to test.
const options = { sanitizeOps: false, sanitizeResources: false };
let harness: BrowserHarness;

Deno.test.beforeAll(async () => {
  harness = await openBrowserHarness();
});
Deno.test.afterAll(async () => await harness[Symbol.asyncDispose]());

Deno.test("two people join from the landing page and talk; typing shows", options, async () => {
  const [maya, jonas] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([join(maya.page, "Maya"), join(jonas.page, "Jonas")]);
  await Promise.all([connected(maya.page), connected(jonas.page)]);
  await maya.page.getByRole("complementary").getByText("Jonas").waitFor();
  await maya.page.getByRole("textbox", { name: "Message general" }).pressSequentially("Hel");
  await jonas.page.getByText("Maya is typing").waitFor();
  await say(maya.page, "Hello from Maya");
  await sees(jonas.page, "Hello from Maya");
  await jonas.page.getByText("Maya is typing").waitFor({ state: "hidden" });
  await say(jonas.page, "Hello back");
  await sees(maya.page, "Hello back");
  assertEquals(await maya.page.locator("[data-pending]").count(), 0);
  await Promise.all([maya.context.close(), jonas.context.close()]);
});

Deno.test("messages written offline arrive once, in order", options, async () => {
  const [ada, ben] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([join(ada.page, "Ada"), join(ben.page, "Ben")]);
  await Promise.all([connected(ada.page), connected(ben.page)]);
  await say(ada.page, "off-1 before the tunnel");
  await sees(ben.page, "off-1");
  await ada.context.setOffline(true);
  await ada.page.getByText("Offline").first().waitFor();
  await say(ada.page, "off-3 in the tunnel");
  await say(ada.page, "off-4 still in the tunnel");
  await ada.page.getByText("2 messages waiting to send").first().waitFor();
  await say(ben.page, "off-2 meanwhile outside");
  await sees(ben.page, "off-2");
  await ada.context.setOffline(false);
  await sees(ben.page, "off-4");
  await sees(ada.page, "off-4");
  const order = [
    "off-1 before the tunnel",
    "off-2 meanwhile outside",
    "off-3 in the tunnel",
    "off-4 still in the tunnel",
  ];
  assertEquals(await texts(ada.page, "off-"), order);
  assertEquals(await texts(ben.page, "off-"), order);
  await ada.page.reload();
  assertEquals(await texts(ada.page, "off-"), order);
  await Promise.all([ada.context.close(), ben.context.close()]);
});

Deno.test("the outbox survives closing the tab, and sends once", options, async () => {
  const zoe = await harness.visit();
  await join(zoe.page, "Zoe");
  await connected(zoe.page);
  await zoe.context.setOffline(true);
  await say(zoe.page, "kept-1 over the closing of the tab");
  await zoe.page.getByText("1 message waiting to send").first().waitFor();
  await zoe.page.close();
  await zoe.context.setOffline(false);
  const again = await zoe.context.newPage();
  await again.goto("/rooms/1");
  await sees(again, "kept-1");
  await again.reload();
  assertEquals((await texts(again, "kept-1")).length, 1);
  await zoe.context.close();
});

Deno.test("the conversation goes on after a kill -9 of the server", options, async () => {
  const [eve, kim] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([join(eve.page, "Eve"), join(kim.page, "Kim")]);
  await Promise.all([connected(eve.page), connected(kim.page)]);
  await say(eve.page, "kill-1 before");
  await sees(kim.page, "kill-1");
  await harness.killAndRestart();
  await say(eve.page, "kill-2 after");
  await sees(kim.page, "kill-2");
  await sees(eve.page, "kill-2");
  assertEquals(await texts(kim.page, "kill-"), ["kill-1 before", "kill-2 after"]);
  await Promise.all([eve.context.close(), kim.context.close()]);
});

Deno.test(
  "the same text sent twice is two messages, and both tabs of a person show each once",
  options,
  async () => {
    const { page: here, context } = await harness.visit();
    await join(here, "Tess");
    const there = await context.newPage();
    await there.goto("/rooms/1");
    await Promise.all([here, there].map(connected));
    for (const page of [here, there]) {
      await page.evaluate(() => {
        const count = () =>
          [...document.querySelectorAll("article")].filter((one) => one.textContent?.includes("twice-1"));
        new MutationObserver(() => {
          const most = Math.max(Number(document.body.dataset.most ?? 0), count().length);
          document.body.dataset.most = String(most);
        }).observe(document.body, { childList: true, subtree: true });
      });
    }
    await say(here, "twice-1");
    await say(here, "twice-1");
    await say(there, "twice-2 after both");
    for (const page of [here, there]) {
      await sees(page, "twice-2");
      await page.locator("[data-pending]").first().waitFor({ state: "detached" });
      assertEquals(await texts(page, "twice-1"), ["twice-1", "twice-1"]);
      assertEquals(await page.evaluate(() => document.body.dataset.most), "2", "none was ever there a third time");
    }
    await context.close();
  },
);

Deno.test(
  "reactions are the reader's by id, among 25 people and two of the same name",
  options,
  async () => {
    const [sam, other] = await Promise.all([harness.visit(), harness.visit()]);
    await Promise.all([join(sam.page, "Sam"), join(other.page, "Sam")]);
    await Promise.all([connected(sam.page), connected(other.page)]);
    await say(sam.page, "react-1 to this");
    await sees(other.page, "react-1");
    const message = (page: Page) => page.locator("[data-message]").filter({ hasText: "react-1" });
    const chip = (page: Page, count: number, pressed: boolean) =>
      message(page).getByRole("button", { name: `👍 ${count}:`, pressed });
    const id = await message(sam.page).getAttribute("data-message");
    for (let index = 1; index <= 23; index++) {
      const { context: guest } = await harness.visit();
      await guest.request.post("/join", {
        form: { name: `Fan ${index}`, next: "/" },
        headers: { origin: harness.url },
      });
      const path = `/api/chat/messages/${id}/reactions/${encodeURIComponent("👍")}`;
      assertEquals((await guest.request.put(path, { headers: { origin: harness.url } })).status(), 200);
      await guest.close();
    }
    await chip(sam.page, 23, false).click();
    await Promise.all([chip(sam.page, 24, true).waitFor(), chip(other.page, 24, false).waitFor()]);
    await chip(other.page, 24, false).click();
    await Promise.all([chip(sam.page, 25, true).waitFor(), chip(other.page, 25, true).waitFor()]);
    await Promise.all([sam.page.reload(), other.page.reload()]);
    await Promise.all([sam.page, other.page].map(connected));
    await chip(sam.page, 25, true).click();
    await Promise.all([chip(sam.page, 24, false).waitFor(), chip(other.page, 24, true).waitFor()]);
    await Promise.all([sam.context.close(), other.context.close()]);
  },
);

Deno.test("without scripts: read, post, create and delete a room", options, async () => {
  const plain = await harness.visit({ javaScriptEnabled: false });
  await join(plain.page, "Noa");
  await plain.page.getByRole("textbox", { name: "Message general" }).fill("plain-1 by form");
  await plain.page.getByRole("button", { name: "Send" }).click();
  await sees(plain.page, "plain-1");
  await plain.page.reload();
  assertEquals((await texts(plain.page, "plain-1")).length, 1);
  await plain.page.getByRole("link", { name: "New room" }).first().click();
  await plain.page.getByLabel("Name", { exact: true }).fill("brief room");
  await plain.page.getByRole("button", { name: "Create room" }).click();
  await plain.page.getByRole("heading", { level: 1, name: "brief room" }).waitFor();
  await plain.page.getByRole("link", { name: "Room settings" }).first().click();
  await plain.page.getByLabel(/to delete it/).fill("brief room");
  await plain.page.getByRole("button", { name: "Delete room" }).click();
  await plain.page.goto("/rooms");
  assertEquals(await plain.page.getByText("brief room").count(), 0);
  await plain.context.close();
});

Deno.test("messages stay text", options, async () => {
  const mallory = await harness.visit();
  await join(mallory.page, "Mallory");
  await connected(mallory.page);
  const attack =
    `xss <img src=x onerror="document.title='owned'"><script>document.title='owned'</script> [x](javascript:alert(1))`;
  await say(mallory.page, attack);
  await sees(mallory.page, "xss <img");
  await mallory.page.reload();
  await sees(mallory.page, "xss <img");
  assertEquals(await mallory.page.locator("[data-message] img, [data-message] script").count(), 0);
  assertEquals(await mallory.page.locator('[data-message] a[href^="javascript"]').count(), 0);
  assert(!(await mallory.page.title()).includes("owned"));
  await mallory.context.close();
});

Deno.test("a new room appears in everyone's sidebar, and goes when it is deleted", options, async () => {
  const [ola, per] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([join(ola.page, "Ola"), join(per.page, "Per")]);
  await Promise.all([connected(ola.page), connected(per.page)]);
  await ola.page.getByRole("link", { name: "New room" }).click();
  await ola.page.getByLabel("Name", { exact: true }).fill("trip to Łódź");
  await ola.page.getByRole("button", { name: "Create room" }).click();
  await ola.page.getByRole("heading", { level: 1, name: "trip to Łódź" }).waitFor();
  const link = per.page.getByRole("navigation").getByRole("link", { name: "trip to Łódź", exact: true });
  await link.click();
  await per.page.getByRole("heading", { level: 1, name: "trip to Łódź" }).waitFor();
  await connected(per.page);
  await ola.page.getByRole("link", { name: "Delete trip to Łódź" }).click();
  await ola.page.getByLabel(/to delete it/).fill("trip to Łódź");
  await ola.page.getByRole("button", { name: "Delete room" }).click();
  await per.page.getByText("This room was deleted").waitFor();
  await Promise.all([ola.context.close(), per.context.close()]);
});

Deno.test("a message can be edited, and deleted with undo", options, async () => {
  const [lea, tom] = await Promise.all([harness.visit(), harness.visit()]);
  await Promise.all([join(lea.page, "Lea"), join(tom.page, "Tom")]);
  await Promise.all([connected(lea.page), connected(tom.page)]);
  await say(lea.page, "edit-1 helo");
  await sees(tom.page, "edit-1 helo");
  await lea.page.getByRole("textbox", { name: "Message general" }).press("ArrowUp");
  await lea.page.getByRole("textbox", { name: "Edit message" }).fill("edit-1 hello");
  await lea.page.getByRole("textbox", { name: "Edit message" }).press("Enter");
  await sees(tom.page, "edit-1 hello");
  await tom.page.locator("[data-message]").filter({ hasText: "edit-1 hello" }).getByText("edited").waitFor();
  const own = lea.page.locator("[data-message]").filter({ hasText: "edit-1" });
  await own.hover();
  await own.getByRole("link", { name: "Delete" }).click();
  await lea.page.getByRole("button", { name: "Undo" }).click();
  await own.waitFor();
  await own.hover();
  await own.getByRole("link", { name: "Delete" }).click();
  await tom.page.locator("[data-message]").filter({ hasText: "edit-1" }).waitFor({
    state: "detached",
    timeout: 15_000,
  });
  await Promise.all([lea.context.close(), tom.context.close()]);
});

Deno.test("older messages load before the reader gets there, and none is missing", options, async () => {
  const api = `${harness.url}/api/chat/rooms`;
  const made = await fetch(api, { method: "POST", body: JSON.stringify({ name: "long history" }) });
  const { id } = await made.json();
  for (let index = 1; index <= 180; index++) {
    const body = JSON.stringify({ content: `line ${index}`, username: index % 2 ? "Odd" : "Even" });
    const posted = await fetch(`${api}/${id}/messages`, { method: "POST", body });
    assertEquals(posted.status, 201);
    await posted.body?.cancel();
  }
  const reader = await harness.visit();
  await join(reader.page, "Reader");
  await reader.page.goto(`/rooms/${id}`);
  await connected(reader.page);
  await sees(reader.page, "line 180");
  const timeline = reader.page.locator("#timeline"), first = reader.page.getByText("line 1", { exact: true });
  await timeline.hover();
  while (await first.count() === 0) {
    const before = await timeline.evaluate(({ scrollTop }) => scrollTop);
    await reader.page.mouse.wheel(0, -1500);
    // The wheel has turned, and there is a screen to go again, or the beginning.
    await reader.page.waitForFunction((before) => {
      const timeline = document.querySelector("#timeline");
      if (!timeline || timeline.scrollTop === before) return false;
      const above = timeline.scrollHeight - timeline.clientHeight + timeline.scrollTop;
      return above > timeline.clientHeight || timeline.querySelector(".beginning") !== null;
    }, before);
  }
  assertEquals(await texts(reader.page, "line "), Array.from({ length: 180 }, (_, index) => `line ${index + 1}`));
  await reader.context.close();
});

Deno.test("on a phone the people list opens over the messages, with and without scripts", options, async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { page, context } = await harness.visit({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
    await join(page, javaScriptEnabled ? "Pia" : "Pit");
    if (javaScriptEnabled) await connected(page);
    const list = page.getByRole("complementary", { name: "People" });
    await list.waitFor({ state: "hidden" });
    await page.getByRole("link", { name: /(person|people) here$/ }).click();
    await list.waitFor();
    if (javaScriptEnabled) await list.getByText("Pia").waitFor();
    await page.getByRole("link", { name: "Close people list" }).click();
    await list.waitFor({ state: "hidden" });
    await context.close();
  }
});
