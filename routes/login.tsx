import { type Context, page } from "fresh";
import { Field, Submit } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { username } from "@/lib/model/schema/text.ts";
import { USERNAME_MAX } from "@/lib/model/limits.ts";
import { t } from "@/lib/ui/strings.ts";
import { keepSession, labelOf } from "@/lib/http/sign_in.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt, sentence } from "./(_pages)/form.ts";
import { safeNext } from "./(_pages)/page_context.ts";

interface LoginData {
  readonly next: string;
  readonly name?: string;
  readonly nameProblem?: string;
  readonly problem?: string;
  /** Name of the account that is signed in already. */
  readonly already?: string;
}

/** Sign-in. It goes back to where the visitor was. */
export const handler = define.handlers({
  GET(ctx) {
    const { actor } = ctx.state;
    const next = safeNext(ctx.url.searchParams.get("next") ?? "/");
    return draw(ctx, { next, already: accountOf(actor)?.name });
  },
  async POST(ctx) {
    const field = await readFields(ctx.req);
    const typed = { next: safeNext(field("next")), name: field("name") };
    const name = username.safeParse(typed.name);
    if (!name.success) return draw(ctx, { ...typed, nameProblem: sentence(name.error) }, 422);
    const { req, state } = ctx, wanted = { name: name.data, password: field("password"), label: labelOf(req) };
    const signedIn = await attempt(() => state.chat.gate.execute("signIn", state, wanted));
    if (signedIn instanceof ChatError) return draw(ctx, { ...typed, problem: signedIn.message }, signedIn.status);
    const response = ctx.redirect(typed.next, 303);
    keepSession(ctx, signedIn.secret, response.headers);
    return response;
  },
});

function draw(ctx: Context<State>, data: LoginData, status = 200) {
  ctx.state.title = t.room.pageTitle(t.action.signIn);
  return page<LoginData>(data, { status });
}

export default define.page<typeof handler>(function LoginPage({ data }) {
  const { next, name, nameProblem, problem, already } = data;
  if (already !== undefined) return <Already name={already} next={next} />;
  return (
    <CardPage title={t.action.signIn}>
      <form method="post" action="/login">
        <input type="hidden" name="next" value={next} />
        <Field
          id="name"
          label={t.field.name}
          value={name}
          maxLength={USERNAME_MAX}
          autocomplete="username"
          problem={nameProblem}
          autofocus={name === undefined || nameProblem !== undefined}
        />
        <Field
          id="password"
          label={t.field.password}
          type="password"
          autocomplete="current-password"
          problem={problem}
          autofocus={name !== undefined && nameProblem === undefined}
        />
        <Submit label={t.action.signIn} />
      </form>
      <p>
        {t.signIn.noAccount} <a class="link" href={`/register?next=${encodeURIComponent(next)}`}>{t.register.title}</a>
      </p>
    </CardPage>
  );
});

function Already({ name, next }: { name: string; next: string }) {
  return (
    <CardPage title={t.action.signIn}>
      <p>{t.signIn.already(name)}</p>
      <form method="post" action="/logout">
        <div class="actions">
          <button type="submit" class="button">{t.action.signOut}</button>
          <a class="button go" href={next}>{t.signIn.goOn}</a>
        </div>
      </form>
    </CardPage>
  );
}
