import { page } from "fresh";
import { Saved } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { t } from "@/lib/ui/strings.ts";
import { signOut } from "@/lib/http/sign_in.ts";
import { define } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { ownSessions, type ShownSession } from "../(_pages)/own_account.ts";

/** The devices that the reader is signed in on; signs them out. */
export const handler = define.handlers({
  async GET(ctx) {
    return page({ sessions: await ownSessions(ctx, "browser"), ended: ctx.url.searchParams.has("ended") });
  },
  async POST(ctx) {
    const { chat: { gate }, actor } = ctx.state, end = (await readFields(ctx.req))("end");
    if (end === "others") await gate.execute("endOtherSessions", ctx.state, {});
    else if (end === actor?.session) {
      const response = ctx.redirect("/", 303);
      await signOut(ctx, response.headers);
      return response;
    } else await gate.execute("endSession", ctx.state, { id: end });
    return ctx.redirect("/settings/sessions?ended", 303);
  },
});

export default define.page<typeof handler>(function SessionsPage({ data: { sessions, ended } }) {
  return (
    <SettingsPage current="/settings/sessions">
      <p>{t.account.sessionsNote}</p>
      <Saved when={ended}>{t.account.signedOut}</Saved>
      <form method="post" action="/settings/sessions">
        <ul class="list">
          {sessions.map((session) => <Row key={session.id} {...session} />)}
        </ul>
        {sessions.length > 1 && (
          <div class="actions">
            <button type="submit" class="button" name="end" value="others">{t.account.signOutOthers}</button>
          </div>
        )}
      </form>
    </SettingsPage>
  );
});

function Row({ id, label, made, used, current }: ShownSession) {
  return (
    <li>
      <div>
        <strong dir="auto">{label}</strong> {current && <small class="tag">{t.account.thisDevice}</small>}
        <p>{t.account.signedIn(made)}, {t.account.lastUsed(used)}</p>
      </div>
      <button type="submit" class="button" name="end" value={id} aria-label={t.account.signOutNamed(label)}>
        {t.action.signOut}
      </button>
    </li>
  );
}
