import { page } from "fresh";
import { Field, Submit, Tick } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { t } from "@/lib/ui/strings.ts";
import { clearCookies } from "@/lib/http/cookies.ts";
import { define } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt } from "../(_pages)/form.ts";

interface DataPageData {
  readonly problem?: string;
  readonly messages?: boolean;
}

/** The reader's data: downloads it, or deletes the account. */
export const handler = define.handlers({
  GET: () => page<DataPageData>({}),
  async POST(ctx) {
    const { chat, secure } = ctx.state;
    const field = await readFields(ctx.req), messages = field("messages") !== "";
    const password = field("password");
    const erased = await attempt(() => chat.gate.execute("deleteAccount", ctx.state, { password, messages }));
    if (erased instanceof ChatError) {
      return page<DataPageData>({ problem: erased.message, messages }, { status: erased.status });
    }
    const response = ctx.redirect("/?deleted", 303);
    clearCookies(response.headers, secure);
    return response;
  },
});

export default define.page<typeof handler>(function DataPage({ data: { problem, messages } }) {
  return (
    <SettingsPage current="/settings/data">
      <section aria-labelledby="export-heading">
        <h2 id="export-heading">{t.account.export}</h2>
        <p>{t.account.exportNote}</p>
        <div class="actions">
          <a class="button" href="/settings/export" download>{t.account.exportLink}</a>
        </div>
      </section>
      <section aria-labelledby="erase-heading">
        <h2 id="erase-heading">{t.account.erase}</h2>
        <p>{t.account.eraseNote}</p>
        <form method="post" action="/settings/data">
          <Field
            id="password"
            label={t.field.password}
            type="password"
            autocomplete="current-password"
            problem={problem}
          />
          <Tick name="messages" label={t.account.eraseMessages} checked={messages} />
          <Submit label={t.account.eraseButton} quiet />
        </form>
      </section>
    </SettingsPage>
  );
});
