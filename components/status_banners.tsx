/**
 * The lines above the composer.
 * @module
 */
import type { ComponentChildren } from "preact";
import { canTryNow, usePhaseText } from "@/components/connection_state.tsx";
import { Icon, type IconName } from "@/components/icon.tsx";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** Most names of people who are typing. */
const NAMED = 3;

/** Who types: "Maya and Priya are typing". */
export function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p class="typing" aria-live="off">
      {names.length > 0 && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>{names.length > NAMED ? t.composer.several : <Named names={names} />}</span>
        </>
      )}
    </p>
  );
}

function Named({ names }: { names: readonly string[] }) {
  const parts = t.listed(names).map(({ type, value }, index) =>
    type === "element" ? <b key={index} dir="auto">{value}</b> : value
  );
  return <>{parts} {t.composer.typing(names.length)}</>;
}

/** Banners for problems and notices, with a way to resolve them. */
export function StatusBanners({ page, room }: { page: PageStore; room: RoomStore }) {
  const phase = page.connection.phase.value, problem = room.view.problem.value;
  const text = usePhaseText(phase);
  const waiting = page.outbox.items.value.filter(({ state }) => state === "waiting" || state === "sending");
  return (
    <div role="status">
      {room.deleted.value && (
        <Banner icon="alert" tone="bad" text={room.room.value.kind === "public" ? t.room.deleted : t.room.gone}>
          <a class="link" href="/">{t.room.deletedLink}</a>
        </Banner>
      )}
      {!room.deleted.value && room.room.value.archived && <Banner icon="alert" text={t.room.archived} />}
      {problem !== undefined && (
        <Banner icon="alert" tone="bad" text={problem}>
          <button type="button" onClick={() => room.view.problem.value = undefined}>{t.error.dismiss}</button>
        </Banner>
      )}
      {room.view.notice.value !== undefined && <Banner icon="check" text={room.view.notice.value} />}
      {canTryNow(phase) && (
        <Banner icon="wifi-off" tone="warn" text={text}>
          {waiting.length > 0 && <span data-waiting={waiting.length}>{t.composer.waiting(waiting.length)}</span>}
          <button type="button" onClick={() => page.connection.connect()}>{t.connection.tryNow}</button>
        </Banner>
      )}
    </div>
  );
}

function Banner({ icon, text, tone = "", children }: {
  icon: IconName;
  text: string;
  tone?: "" | "warn" | "bad";
  children?: ComponentChildren;
}) {
  return (
    <p class={`banner ${tone}`}>
      <Icon name={icon} size={16} />
      <span>{text}</span>
      {children}
    </p>
  );
}
