import { type Context, page } from "fresh";
import { z } from "zod";
import { Field, Saved, Submit } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { about } from "@/lib/model/schema/text.ts";
import { ABOUT_MAX } from "@/lib/model/limits.ts";
import { personAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { checkFields, optionalEmail } from "../(_pages)/form.ts";
import { ownAccount } from "../(_pages)/own_account.ts";

interface ProfileData {
  readonly name: string;
  readonly about: string;
  readonly email: string;
  readonly saved?: boolean;
  /** The problem of each field. */
  readonly problems?: { readonly about?: string; readonly email?: string };
}

const fields = z.object({ about, email: optionalEmail });

/** The reader's profile. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, { saved: ctx.url.searchParams.has("saved") }),
  async POST(ctx) {
    const field = await readFields(ctx.req);
    const typed = { about: field("about"), email: field("email") };
    const checked = await checkFields(fields, typed);
    if ("problems" in checked) return await draw(ctx, { ...typed, ...checked }, 422);
    await ctx.state.chat.gate.execute("updateProfile", ctx.state, checked.values);
    return ctx.redirect("/settings?saved", 303);
  },
});

async function draw(ctx: Context<State>, data: Partial<ProfileData>, status = 200) {
  const { name, about, email } = await ownAccount(ctx);
  return page<ProfileData>({ name, about, email: email ?? "", ...data }, { status });
}

export default define.page<typeof handler>(function ProfilePage({ data }) {
  const { name, about, email, saved, problems } = data;
  return (
    <SettingsPage current="/settings">
      <form method="post" action="/settings">
        <Field
          id="about"
          label={t.account.about}
          type="multiline"
          value={about}
          maxLength={ABOUT_MAX}
          hint={t.account.aboutHint}
          problem={problems?.about}
          optional
        />
        <Field
          id="email"
          label={t.field.email}
          type="email"
          value={email}
          autocomplete="email"
          hint={t.account.emailHint}
          problem={problems?.email}
          optional
        />
        <Saved when={saved} />
        <Submit label={t.action.save} />
      </form>
      <p>
        <a class="link" href={personAddress(name)}>{t.account.yourPage}</a>
      </p>
    </SettingsPage>
  );
});
