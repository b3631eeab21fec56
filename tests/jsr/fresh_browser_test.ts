import { assert, assertEquals } from "@std/assert";
import { App, csp, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { openBrowser } from "../browser.ts";
import { project, serving } from "./project.ts";

/** What the project's own pages are served with. */
const POLICY = (nonce: string) =>
  `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`;

const SITE = {
  "routes/_app.tsx":
    `export default ({ Component }) => <html lang="en"><head><title>base</title></head><body><Component /></body></html>;`,
  "routes/index.tsx": `
    import { signal, computed } from "@preact/signals";
    import Count from "../islands/Count.tsx";
    import Panel from "../islands/Panel.tsx";
    import Kinds from "../islands/Kinds.tsx";
    import Broken from "../islands/Broken.tsx";
    export default () => {
      const shared = signal(5);
      const cycle = {}; cycle.self = cycle;
      const kinds = { date: new Date(0), url: new URL("http://localhost/a"), regexp: /a+/g, map: new Map([["k", new Set([1])]]),
        bytes: new Uint8Array([1, 2]), big: 10n, numbers: [NaN, Infinity, -Infinity, -0], missing: undefined, nothing: null,
        instant: Temporal.Instant.from("2020-01-01T00:00:00Z"), computed: computed(() => 7), text: "</script>ä\\u2028", cycle };
      return <main>
        <Count id="one" count={shared} /><Count id="two" count={shared} />
        <Broken />
        <Panel id="closed" open={false}><p>hidden <input disabled value="v" /></p></Panel>
        <Panel id="open" open><p>shown <Count id="inner" count={shared} /></p></Panel>
        <Panel id="many" open>first <b>second</b>{[<Count id="third" count={shared} />, " last"]}</Panel>
        <Kinds kinds={kinds} icon={{ deep: <b id="deep">deep</b> }} />
      </main>;
    };`,
  "islands/Count.tsx": `
    import { IS_BROWSER } from "fresh/runtime";
    export default ({ id, count }) =>
      <button id={id} data-live={String(IS_BROWSER)} onClick={() => count.value++}>count {count}</button>;`,
  "islands/Panel.tsx": `
    import { useSignal } from "@preact/signals";
    import { Head } from "fresh/runtime";
    export default ({ id, open, children }) => {
      const shown = useSignal(open);
      return <section id={id}>{shown.value && id === "closed" && <Head><title>opened</title></Head>}
        <button class="toggle" onClick={() => shown.value = !shown.value}>toggle</button>
        {shown.value && <div class="panel">{children}</div>}</section>;
    };`,
  "islands/Kinds.tsx": `
    import { useState } from "preact/hooks";
    export default ({ kinds: k, icon }) => {
      const [result] = useState(() => [k.date.toISOString(), k.url.pathname, "aa".match(k.regexp).length, k.map.get("k").has(1), k.bytes.join(),
        typeof k.big, k.numbers.map((n) => Object.is(n, -0) ? "-0" : String(n)).join(), "missing" in k && k.missing === undefined,
        k.nothing === null, String(k.instant), k.computed.value, k.text.length, k.cycle.self === k.cycle].join("|"));
      return <output id="kinds">{result}{icon.deep}</output>;
    };`,
  "islands/Broken.tsx": `
    import { IS_BROWSER } from "fresh/runtime";
    export default () => { if (IS_BROWSER) throw new Error("broken island"); return <i>fine on the server</i>; };`,
};

// The browser's driver keeps timers and a child process of its own.
const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "islands come to life over the server's markup, under a strict content security policy",
  options,
  async (t) => {
    await using site = await project(SITE);
    const app = new App()
      .use(async (ctx) => {
        const response = await ctx.next();
        const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
        response.headers.set("content-security-policy", POLICY(nonce ?? "none"));
        return response;
      })
      .use(csp({ useNonce: true })).use(staticFiles()).fsRoutes();
    (await new Builder({ root: site.root }).build({ snapshot: "memory" }))(app);
    await using server = serving(app.handler());
    await using browser = await openBrowser();
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
    page.on("pageerror", (error) => void problems.push(error.message));
    const served = await (await fetch(server.origin)).text();
    await page.goto(server.origin);
    await page.waitForSelector('#one[data-live="true"]');
    const text = (selector: string) => page.locator(selector).textContent();

    await t.step("one island that fails leaves the others alone", () => assertEquals(problems, ["broken island"]));

    await t.step("attributes that differ are corrected", () => assert(served.includes('data-live="false"')));

    await t.step("a signal that several islands are given stays one", async () => {
      await page.click("#one");
      await page.click("#two");
      assertEquals([await text("#one"), await text("#two"), await text("#inner")], ["count 7", "count 7", "count 7"]);
    });

    await t.step("islands inside of elements that were handed to an island live too", async () => {
      await page.click("#inner");
      assertEquals([await text("#one"), await text("#inner")], ["count 8", "count 8"]);
    });

    await t.step("several children live as one would", async () => {
      assertEquals(await text("#many .panel"), "first secondcount 8 last");
      await page.click("#third");
      assertEquals(await text("#one"), "count 9");
    });

    await t.step("elements that an island did not show appear from their template", async () => {
      await page.click("#closed .toggle");
      assertEquals(await text("#closed .panel"), "hidden ");
      assertEquals(await page.locator("#closed input").isDisabled(), true);
      assertEquals(await page.locator("#closed input").inputValue(), "v");
    });

    await t.step("Head in an island changes the document", async () => {
      // Effects run after the browser has drawn.
      for (let tries = 0; tries < 50 && await page.title() !== "opened"; tries++) await page.waitForTimeout(20);
      assertEquals(await page.title(), "opened");
    });

    await t.step("shown elements can go and come back", async () => {
      await page.click("#open .toggle");
      assertEquals(await page.locator("#open .panel").count(), 0);
      await page.click("#open .toggle");
      assertEquals(await text("#open .panel"), "shown count 9");
    });

    await t.step("all kinds of data arrive as what they were", async () => {
      const expected =
        "1970-01-01T00:00:00.000Z|/a|1|true|1,2|bigint|NaN,Infinity,-Infinity,-0|true|true|2020-01-01T00:00:00Z|7|11|true";
      assertEquals(await text("#kinds"), `${expected}deep`);
      assertEquals(await text("#deep"), "deep");
    });
  },
);
