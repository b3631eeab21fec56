import { type Context, page } from "fresh";
import { Submit, Wrong } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { segments } from "@/lib/http/path_params.ts";
import { attempt } from "../(_pages)/form.ts";

interface InvitationData {
  /** The room, and who invites to it; undefined for an invite that isn't valid any more. */
  readonly invitation?: { readonly room: string; readonly by: string };
  /** Path of this page. */
  readonly here: string;
  readonly signedIn: boolean;
  readonly problem?: string;
}

/** Where an invite link leads. */
export const handler = define.handlers({
  async GET(ctx) {
    const entered = await ctx.state.chat.invites.entered(ctx.state.actor, codeOf(ctx));
    return entered === null ? await draw(ctx) : ctx.redirect(roomAddress(entered), 303);
  },
  async POST(ctx) {
    const { chat, actor } = ctx.state;
    if (!accountOf(actor)) return ctx.redirect(signInAddress(ctx.url.pathname), 303);
    const room = await attempt(() => chat.gate.execute("acceptInvite", ctx.state, { code: codeOf(ctx) }));
    return room instanceof ChatError ? await draw(ctx, room) : ctx.redirect(roomAddress(room), 303);
  },
});

/** The code in the path, or "" for what can't be one. */
function codeOf({ url }: Context<State>): string {
  const code = segments(url)[1] ?? "";
  return /^[\w-]{1,64}$/.test(code) ? code : "";
}

async function draw(ctx: Context<State>, refusal?: ChatError) {
  const { chat, actor } = ctx.state, here = ctx.url.pathname, signedIn = accountOf(actor) !== null;
  const found = await attempt(() => chat.invites.find(codeOf(ctx)));
  if (found instanceof ChatError) {
    ctx.state.title = t.room.pageTitle(t.invitation.gone);
    const { message: problem, status } = refusal ?? found;
    return page<InvitationData>({ here, signedIn, problem }, { status });
  }
  const { name, invite } = found;
  ctx.state.title = t.room.pageTitle(t.invitation.title(name));
  const invitation = { room: name, by: invite.by.name };
  return page<InvitationData>({ invitation, here, signedIn, problem: refusal?.message }, { status: refusal?.status });
}

export default define.page<typeof handler>(function InvitationPage({ data }) {
  const { invitation, here, signedIn, problem } = data;
  if (!invitation) {
    return (
      <CardPage title={t.invitation.gone}>
        <p>{problem}</p>
        <p>
          <a class="button go" href="/">{t.error.home}</a>
        </p>
      </CardPage>
    );
  }
  return (
    <CardPage title={t.invitation.title(invitation.room)}>
      <p>{t.invitation.by(invitation.by, invitation.room)}</p>
      <Wrong>{problem}</Wrong>
      {signedIn
        ? (
          <form method="post" action={here}>
            <Submit label={t.join.title}>
              <a class="button" href="/">{t.action.cancel}</a>
            </Submit>
          </form>
        )
        : (
          <>
            <p>{t.invitation.signInFirst}</p>
            <div class="actions">
              <a class="button" href={`/register?next=${encodeURIComponent(here)}`}>{t.register.title}</a>
              <a class="button go" href={signInAddress(here)}>{t.action.signIn}</a>
            </div>
          </>
        )}
    </CardPage>
  );
});
