/**
 * The foot of the sidebar: the reader and the connection.
 * @module
 */
import { Avatar } from "@/components/person.tsx";
import { canTryNow, PhaseDot, usePhaseText } from "@/components/connection_state.tsx";
import { Icon, IconLink } from "@/components/icon.tsx";
import { personAddress, roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** The reader. `current` is the id of the page's room. */
export function Me({ page, current }: { page: PageStore; current?: number }) {
  const user = page.user.value, phase = page.connection.phase.value;
  const text = usePhaseText(phase);
  const here = current === undefined ? "/rooms" : roomAddress(current);
  return (
    <div class="me">
      {user && <Avatar person={user} picture={page.context.pictures[user.id]} size="sm" />}
      <div>
        <Name page={page} here={here} />
        <span class="state needs-script" role="status">
          <PhaseDot phase={phase} />
          {text}
          {current === undefined && canTryNow(phase) && (
            <button type="button" onClick={() => page.connection.connect()}>{t.connection.tryNow}</button>
          )}
        </span>
      </div>
      {user && !user.guest ? <ForAccount page={page} /> : <ForGuest named={user !== null} here={here} />}
    </div>
  );
}

function Name({ page, here }: { page: PageStore; here: string }) {
  const user = page.user.value;
  if (!user) return <a class="link" href={`/join?next=${encodeURIComponent(here)}`}>{t.join.button}</a>;
  const name = <strong class="line" dir="auto">{user.name}</strong>;
  return user.guest ? name : <a href={personAddress(user.name)} title={t.people.yours}>{name}</a>;
}

function ForAccount({ page }: { page: PageStore }) {
  return (
    <>
      <IconLink name="settings" size={16} label={t.account.title} href="/settings" />
      {/* Closed first, so that the end of the session doesn't lead this page to signing in. */}
      <form method="post" action="/logout" onSubmit={() => page.connection.close()}>
        <button type="submit" class="icon" aria-label={t.action.signOut} title={t.action.signOut}>
          <Icon name="log-out" size={16} />
        </button>
      </form>
    </>
  );
}

function ForGuest({ named, here }: { named: boolean; here: string }) {
  return (
    <>
      {named && (
        <IconLink name="pencil" size={16} label={t.join.rename} href={`/join?next=${encodeURIComponent(here)}`} />
      )}
      <a class="link" href={signInAddress(here)}>{t.action.signIn}</a>
    </>
  );
}
