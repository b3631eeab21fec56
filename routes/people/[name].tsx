import { type Context, page } from "fresh";
import { Avatar, PresenceDot } from "@/components/person.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import type { Status } from "@/lib/model/person.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { username } from "@/lib/model/schema/text.ts";
import { personAddress, roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { dayOf, machineTime } from "@/lib/ui/time.ts";
import { define, type State } from "@/lib/http/state.ts";
import type { Account } from "@/lib/model/account.ts";
import { segments } from "@/lib/http/path_params.ts";
import { readFields } from "@/lib/http/body.ts";
import { zoneOf } from "../(_pages)/page_context.ts";

interface PersonData {
  readonly account: Pick<Account, "id" | "name" | "about" | "avatar" | "disabled" | "createdAt">;
  readonly since: string;
  readonly state: Status["state"] | null;
  readonly admin: boolean;
  /** Who the reader is: without an account, the person themselves, someone else, or an admin. */
  readonly reader: "guest" | "self" | "other" | "admin";
}

/** A profile, with a button to send a direct message, and those for admins. */
export const handler = define.handlers({
  async GET(ctx) {
    const { chat, actor } = ctx.state, account = await accountOfPath(ctx), reader = accountOf(actor);
    ctx.state.title = t.room.pageTitle(account.name);
    return page<PersonData>({
      account,
      since: dayOf(account.createdAt, zoneOf(ctx.req.headers)),
      state: chat.hub.online.statuses().get(account.id)?.state ?? null,
      admin: chat.sessions.isAdmin(account),
      reader: !reader
        ? "guest"
        : reader.id === account.id
        ? "self"
        : chat.permissions.on(actor).admin
        ? "admin"
        : "other",
    });
  },
  async POST(ctx) {
    const { chat } = ctx.state, { id, name } = await accountOfPath(ctx);
    const wanted = (await readFields(ctx.req))("do");
    if (wanted === "message") {
      const { room } = await chat.gate.execute("openDirect", ctx.state, { account: id });
      return ctx.redirect(roomAddress(room.id), 303);
    }
    const { gate } = chat, account = id;
    if (wanted === "disable" || wanted === "enable") {
      await gate.execute("setDisabled", ctx.state, { account, disabled: wanted === "disable" });
    } else if (wanted === "appoint" || wanted === "dismiss") {
      await gate.execute("setAdmin", ctx.state, { account, admin: wanted === "appoint" });
    } else throw new ChatError("invalid", "This form has no such button.");
    return ctx.redirect(personAddress(name), 303);
  },
});

/** The account that the path names. Throws {@link ChatError} `not_found`, or what the policy says. */
async function accountOfPath({ url, state: { chat, actor } }: Context<State>): Promise<Account> {
  chat.permissions.requireBrowse(actor);
  const name = username.safeParse(segments(url)[1]);
  const account = name.success ? await chat.accounts.named(name.data) : null;
  if (!account) throw new ChatError("not_found", "No one by that name.");
  return account;
}

export default define.page<typeof handler>(function PersonPage({ data }) {
  const { account, since, state, admin, reader } = data;
  return (
    <CardPage title={account.name} back={{ href: "/people", name: t.people.back }}>
      <div class="who">
        <Avatar person={account} picture={account.avatar} size="lg" />
        <div>
          <p>
            <PresenceDot state={state} />
            {admin && <small class="tag">{t.people.admin}</small>}
            {account.disabled && <small class="tag">{t.people.disabled}</small>}
          </p>
          <p>
            <time dateTime={machineTime(account.createdAt)}>{t.people.since(since)}</time>
          </p>
        </div>
      </div>
      <p class="about" dir="auto">{account.about || t.people.noBio}</p>
      <Ways {...data} />
      {reader === "admin" && <Manage account={account} admin={admin} />}
    </CardPage>
  );
});

function Ways({ account: { name, disabled }, reader }: PersonData) {
  const address = personAddress(name);
  if (reader === "self") {
    return (
      <p>
        {t.people.thisIsYou} <a class="link" href="/settings">{t.account.title}</a>
      </p>
    );
  }
  if (disabled) return null;
  if (reader === "guest") {
    return (
      <p>
        <a class="button" href={signInAddress(address)}>{t.people.signInToWrite(name)}</a>
      </p>
    );
  }
  return (
    <form class="ways" method="post" action={address}>
      <button type="submit" class="button go" name="do" value="message">{t.people.message}</button>
    </form>
  );
}

function Manage({ account: { name, disabled }, admin }: Pick<PersonData, "account" | "admin">) {
  return (
    <section aria-labelledby="manage-heading">
      <h2 id="manage-heading">{t.people.manage}</h2>
      <form class="ways" method="post" action={personAddress(name)}>
        <button type="submit" class="button" name="do" value={admin ? "dismiss" : "appoint"}>
          {admin ? t.people.dismiss : t.people.appoint}
        </button>
        <button type="submit" class="button" name="do" value={disabled ? "enable" : "disable"}>
          {disabled ? t.people.enable : t.people.disable}
        </button>
      </form>
    </section>
  );
}
