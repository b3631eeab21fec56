import { TABS } from "@/components/page_layout.tsx";
import { accountOf } from "@/lib/chat/policy.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";

/** Settings need an account. Others sign in first. */
export default define.middleware((ctx) => {
  const { actor, chat } = ctx.state, tab = TABS.find(({ href }) => href === ctx.url.pathname);
  if (!accountOf(actor)) return ctx.redirect(signInAddress(tab?.href ?? "/settings"), 303);
  chat.permissions.requireAccount(actor, "account");
  ctx.state.title = t.room.pageTitle(tab ? t.partTitle(tab.name, t.account.title) : t.account.title);
  return ctx.next();
});
