import { TABS } from "@/components/settings_frame.tsx";
import { accountOf } from "@/lib/chat/policy.ts";
import { signInAddress } from "@/lib/client/addresses.ts";
import { t } from "@/lib/client/strings.ts";
import { define } from "@/lib/http/state.ts";

/** One's own settings are for people with an account; the others sign in first. */
export default define.middleware((ctx) => {
  const { asker, chat } = ctx.state, tab = TABS.find(({ href }) => href === ctx.url.pathname);
  if (!accountOf(asker)) return ctx.redirect(signInAddress(tab?.href ?? "/settings"), 303);
  chat.policy.account(asker, "account");
  ctx.state.title = t.room.pageTitle(tab ? t.partTitle(tab.name, t.account.title) : t.account.title);
  return ctx.next();
});
