import { page } from "fresh";
import { z } from "zod";
import { Radios, Saved, Submit } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { readFields } from "@/lib/http/body.ts";
import { keepTheme, themeOf, THEMES } from "../(_pages)/page_context.ts";

const wanted = z.enum(THEMES);

/** The theme of this browser. */
export const handler = define.handlers({
  GET: ({ req, url }) => page({ theme: themeOf(req.headers), saved: url.searchParams.has("saved") }),
  async POST(ctx) {
    const theme = parse(wanted, (await readFields(ctx.req))("theme"));
    const response = ctx.redirect("/settings/appearance?saved", 303);
    keepTheme(response.headers, theme);
    return response;
  },
});

export default define.page<typeof handler>(function AppearancePage({ data: { theme, saved } }) {
  return (
    <SettingsPage current="/settings/appearance">
      <form method="post" action="/settings/appearance">
        <Radios name="theme" label={t.account.theme} options={t.account.themes} value={theme} />
        <Saved when={saved} />
        <Submit label={t.action.save} />
      </form>
    </SettingsPage>
  );
});
