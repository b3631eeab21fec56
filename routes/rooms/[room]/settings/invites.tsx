import { type Context, page } from "fresh";
import { z } from "zod";
import { Choice, Saved, Submit, Wrong } from "@/components/forms.tsx";
import { QrCode } from "@/components/qr_code.tsx";
import { RoomSettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { roomTitle } from "@/lib/model/room.ts";
import type { InviteTerms } from "@/lib/chat/invites.ts";
import type { RoomAccess } from "@/lib/chat/policy.ts";
import { roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { shortTime } from "@/lib/ui/time.ts";
import { originOf } from "@/lib/http/address.ts";
import { define, type State } from "@/lib/http/state.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { type Fields, readFields } from "@/lib/http/body.ts";
import { attempt } from "../../../(_pages)/form.ts";
import { roomOfPath } from "../../../(_pages)/room_data.ts";
import { zoneOf } from "../../../(_pages)/page_context.ts";

interface ListedInvite {
  readonly code: string;
  readonly link: string;
  /** Who created it, when it expires, and how many uses are left. */
  readonly terms: readonly string[];
}

interface InvitesData {
  readonly room: number;
  readonly title: string;
  readonly invites: readonly ListedInvite[];
  /** Why the reader can't invite people. */
  readonly refusal?: string;
  /** Whether signing in could help. */
  readonly guest?: boolean;
  readonly revoked?: boolean;
  readonly problem?: string;
}

const DAY = 24 * 3600 * 1000;
const LIFETIMES = { never: undefined, day: DAY, week: 7 * DAY };
const USES = { any: undefined, "1": 1, "10": 10 };
const lifetime = z.enum(["never", "day", "week"]);
const uses = z.enum(["any", "1", "10"]);

/** The invite links of a room. */
export const handler = define.handlers({
  async GET(ctx) {
    return await draw(ctx, await roomOfPath(ctx), { revoked: ctx.url.searchParams.has("revoked") });
  },
  async POST(ctx) {
    const access = await roomOfPath(ctx);
    const field = await readFields(ctx.req), code = field("revoke");
    const room = access.room.id, { gate } = ctx.state.chat;
    const done = await attempt<unknown>(() =>
      code === ""
        ? gate.execute("createInvite", ctx.state, { room, ...termsOf(field) })
        : gate.execute("revokeInvite", ctx.state, { room, code })
    );
    if (done instanceof ChatError) return await draw(ctx, access, { problem: done.message }, done.status);
    return ctx.redirect(`${roomAddress(access.room.id)}/settings/invites${code === "" ? "" : "?revoked"}`, 303);
  },
});

function termsOf(field: Fields): InviteTerms {
  return { lifetime: LIFETIMES[parse(lifetime, field("lifetime"))], uses: USES[parse(uses, field("uses"))] };
}

async function draw(ctx: Context<State>, access: RoomAccess, data: Partial<InvitesData>, status = 200) {
  const { room, actor } = access, { chat } = ctx.state;
  const title = roomTitle(room, actor?.person ?? null), origin = originOf(ctx), zone = zoneOf(ctx.req.headers);
  ctx.state.title = t.room.pageTitle(t.partTitle(t.invites.tab, t.settings.title(title)));
  const found = await attempt(() => chat.invites.list(access));
  if (found instanceof ChatError) {
    const refused = { refusal: found.message, guest: found.code === "sign_in" };
    return page<InvitesData>({ room: room.id, title, invites: [], ...refused, ...data }, { status });
  }
  const invites = found.sort((a, b) => b.createdAt - a.createdAt).map(({ code, by, expiresAt, usesLeft }) => ({
    code,
    link: `${origin}/join/${code}`,
    terms: [
      t.invites.by(by.name),
      ...(expiresAt === null ? [] : [t.invites.expires(shortTime(expiresAt, zone))]),
      ...(usesLeft === null ? [] : [t.invites.left(usesLeft)]),
    ],
  }));
  return page<InvitesData>({ room: room.id, title, invites, ...data }, { status });
}

export default define.page<typeof handler>(function InvitesPage({ data }) {
  const { room, title, invites, refusal, guest, revoked, problem } = data;
  const action = `${roomAddress(room)}/settings/invites`;
  if (refusal !== undefined) {
    return (
      <RoomSettingsPage room={room} title={title} part="/invites">
        <p>{guest ? t.invites.forAccounts : refusal}</p>
        {guest && (
          <p>
            <a class="button" href={signInAddress(action)}>{t.action.signIn}</a>
          </p>
        )}
      </RoomSettingsPage>
    );
  }
  return (
    <RoomSettingsPage room={room} title={title} part="/invites">
      <form method="post" action={action}>
        <div class="pair">
          <Choice id="lifetime" label={t.invites.lifetime} options={t.invites.lifetimes} />
          <Choice id="uses" label={t.invites.uses} options={t.invites.usesOf} value="any" />
        </div>
        <Wrong>{problem}</Wrong>
        <Submit label={t.invites.create} />
      </form>
      <section aria-labelledby="links-heading">
        <h2 id="links-heading">{t.invites.title}</h2>
        <Saved when={revoked}>{t.invites.revoked}</Saved>
        {invites.length === 0 && <p>{t.invites.none}</p>}
        <ul class="list">
          {invites.map((invite, index) => (
            <Invitation key={invite.code} {...invite} action={action} open={index === 0} />
          ))}
        </ul>
      </section>
    </RoomSettingsPage>
  );
});

function Invitation({ code, link, terms, action, open }: ListedInvite & { action: string; open: boolean }) {
  return (
    <li class="invite">
      <form class="bar-field" method="post" action={action}>
        <input class="code" value={link} aria-label={t.invites.link} readOnly />
        <button type="submit" class="button" name="revoke" value={code}>{t.action.revoke}</button>
      </form>
      <p>{terms.join(", ")}</p>
      <details open={open}>
        <summary>{t.invites.qr}</summary>
        <QrCode text={link} label={t.invites.qr} />
      </details>
    </li>
  );
}
