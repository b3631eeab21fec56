import { assert, assertEquals } from "@std/assert";
import { App, csp, staticFiles } from "fresh";
import { openBrowser } from "../browser.ts";
import { apply, project, serving } from "./project.ts";

/** The content security policy of the project's pages. */
const POLICY = (nonce: string) =>
  `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`;

const SITE = {
  "routes/_app.tsx":
    `export default ({ Component }) => <html lang="en"><head><title>base</title></head><body><Component /></body></html>;`,
  "routes/index.tsx": `
    import Count from "../islands/Count.tsx";
    import Panel from "../islands/Panel.tsx";
    import Kinds from "../islands/Kinds.tsx";
    import Broken from "../islands/Broken.tsx";
    export default () => {
      const shared = { a: 1 };
      const cycle = {}; cycle.self = cycle;
      const kinds = { numbers: [1, -2.5, 0], flags: [true, false], missing: undefined, nothing: null, text: "</script>ä\\u2028",
        cycle, one: shared, other: shared };
      return <main>
        <Count id="one" from={5} /><Count id="two" from={7} />
        <Broken />
        <Panel /><p id="after">after</p>
        <Kinds kinds={kinds} />
      </main>;
    };`,
  "islands/Count.tsx": `
    import { useSignal } from "@preact/signals";
    import { IS_BROWSER } from "fresh/runtime";
    export default ({ id, from }) => {
      const count = useSignal(from);
      return <button id={id} data-live={String(IS_BROWSER)} onClick={() => count.value++}>count {count}</button>;
    };`,
  "islands/Panel.tsx": `
    import { useSignal } from "@preact/signals";
    export default () => {
      const shown = useSignal(true);
      return <><button id="toggle" onClick={() => shown.value = !shown.value}>toggle</button>
        {shown.value && <div id="panel">shown</div>}</>;
    };`,
  "islands/Kinds.tsx": `
    import { useState } from "preact/hooks";
    export default ({ kinds: k }) => {
      const [result] = useState(() => [k.numbers.join(), k.flags.join(), "missing" in k && k.missing === undefined,
        k.nothing === null, k.text.length, k.cycle.self === k.cycle, k.one === k.other].join("|"));
      return <output id="kinds">{result}</output>;
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
    await using server = serving((await apply(site, app)).handler());
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

    await t.step("islands have states of their own", async () => {
      await page.click("#one");
      await page.click("#two");
      await page.click("#two");
      assertEquals([await text("#one"), await text("#two")], ["count 6", "count 9"]);
    });

    await t.step("shown elements can go and come back between their neighbours", async () => {
      const order = () => page.$$eval("#toggle, #panel, #after", (elements) => elements.map(({ id }) => id));
      await page.click("#toggle");
      assertEquals(await order(), ["toggle", "after"]);
      await page.click("#toggle");
      assertEquals(await order(), ["toggle", "panel", "after"]);
    });

    await t.step("all kinds of data arrive as what they were", async () => {
      assertEquals(await text("#kinds"), "1,-2.5,0|true,false|true|true|11|true|true");
    });
  },
);
