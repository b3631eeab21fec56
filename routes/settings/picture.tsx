import { type Context, page } from "fresh";
import { Avatar } from "@/components/person.tsx";
import { Field, Saved } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { AVATAR_MAX } from "@/lib/model/limits.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import type { Account } from "@/lib/model/account.ts";
import { isForm, readFile } from "@/lib/http/body.ts";
import { attempt } from "../(_pages)/form.ts";
import { ownAccount } from "../(_pages)/own_account.ts";

interface PictureData {
  readonly account: Account;
  readonly saved?: boolean;
  readonly problem?: string;
}

/** The reader's picture: a form with a file uploads one, a form without removes it. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, { saved: ctx.url.searchParams.has("saved") }),
  async POST(ctx) {
    const { gate } = ctx.state.chat;
    const saved = await attempt(async () => {
      if (isForm(ctx.req)) return await gate.execute("removeAvatar", ctx.state, {});
      const bytes = await readFile(ctx.req, "picture", AVATAR_MAX);
      if (bytes.length === 0) throw new ChatError("invalid", t.account.noPicture);
      return await gate.execute("setAvatar", ctx.state, { bytes });
    });
    if (saved instanceof ChatError) return await draw(ctx, { problem: saved.message }, saved.status);
    return ctx.redirect("/settings/picture?saved", 303);
  },
});

async function draw(ctx: Context<State>, data: Omit<PictureData, "account">, status = 200) {
  return page<PictureData>({ account: await ownAccount(ctx), ...data }, { status });
}

export default define.page<typeof handler>(function PicturePage({ data: { account, saved, problem } }) {
  return (
    <SettingsPage current="/settings/picture">
      <form method="post" action="/settings/picture" encType="multipart/form-data">
        <p class="who">
          <Avatar person={account} picture={account.avatar} size="lg" />
          {t.account.pictureNow}
        </p>
        <Field
          id="picture"
          label={t.account.pictureField}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          problem={problem}
        />
        <Saved when={saved} />
        <div class="actions">
          {account.avatar !== null && (
            <button type="submit" class="button" form="remove">{t.account.removePicture}</button>
          )}
          <button type="submit" class="button go">{t.account.upload}</button>
        </div>
      </form>
      <form id="remove" method="post" action="/settings/picture" hidden />
    </SettingsPage>
  );
});
