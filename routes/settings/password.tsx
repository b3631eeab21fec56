import { page } from "fresh";
import { Field, Saved, Submit } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { password } from "@/lib/chat/passwords.ts";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt, sentence } from "../(_pages)/form.ts";
import { ownAccount } from "../(_pages)/own_account.ts";

interface PasswordData {
  /** For password managers. */
  readonly name: string;
  readonly saved?: boolean;
  readonly oldProblem?: string;
  readonly newProblem?: string;
}

/** Changes the password. */
export const handler = define.handlers({
  async GET(ctx) {
    const { name } = await ownAccount(ctx);
    return page<PasswordData>({ name, saved: ctx.url.searchParams.has("saved") });
  },
  async POST(ctx) {
    const { chat } = ctx.state, { name } = await ownAccount(ctx);
    const field = await readFields(ctx.req), wanted = await password.safeParseAsync(field("new"));
    if (!wanted.success) return page<PasswordData>({ name, newProblem: sentence(wanted.error) }, { status: 422 });
    const passwords = { oldPassword: field("old"), password: wanted.data };
    const changed = await attempt(() => chat.gate.execute("changePassword", ctx.state, passwords));
    if (changed instanceof ChatError) {
      return page<PasswordData>({ name, oldProblem: changed.message }, { status: changed.status });
    }
    return ctx.redirect("/settings/password?saved", 303);
  },
});

export default define.page<typeof handler>(function PasswordPage({ data: { name, saved, oldProblem, newProblem } }) {
  return (
    <SettingsPage current="/settings/password">
      <form method="post" action="/settings/password">
        <p>{t.account.passwordNote}</p>
        <input type="text" name="name" value={name} autocomplete="username" hidden readOnly />
        <Field
          id="old"
          label={t.account.oldPassword}
          type="password"
          autocomplete="current-password"
          problem={oldProblem}
        />
        <Field
          id="new"
          label={t.account.newPassword}
          type="password"
          autocomplete="new-password"
          hint={t.register.passwordHint}
          problem={newProblem}
        />
        <Saved when={saved}>{t.account.passwordChanged}</Saved>
        <Submit label={t.account.changePassword} />
      </form>
    </SettingsPage>
  );
});
