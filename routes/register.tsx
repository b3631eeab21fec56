import { type Context, page } from "fresh";
import { z } from "zod";
import { Field, Submit } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import type { NewAccount } from "@/lib/chat/accounts.ts";
import { password } from "@/lib/chat/passwords.ts";
import { username } from "@/lib/model/schema/text.ts";
import { USERNAME_MAX } from "@/lib/model/limits.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { keepSession, labelOf } from "@/lib/http/sign_in.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt, checkFields, optionalEmail, PRESSED_AGAIN_MS } from "./(_pages)/form.ts";
import { safeNext } from "./(_pages)/page_context.ts";

interface RegisterData {
  readonly next: string;
  readonly name?: string;
  readonly email?: string;
  /** What was wrong with which field. */
  readonly problems?: { readonly name?: string; readonly password?: string; readonly email?: string };
}

const fields = z.object({ name: username, password, email: optionalEmail });

/** Registration. It goes back to where the visitor was. */
export const handler = define.handlers({
  GET(ctx) {
    const { actor } = ctx.state;
    const next = safeNext(ctx.url.searchParams.get("next") ?? "/");
    // Guests can keep their name.
    return draw(ctx, { next, name: actor?.person.guest ? actor.person.name : undefined });
  },
  async POST(ctx) {
    const field = await readFields(ctx.req);
    const typed = { next: safeNext(field("next")), name: field("name"), email: field("email") };
    const checked = await checkFields(fields, { ...typed, password: field("password") });
    if ("problems" in checked) return draw(ctx, { ...typed, ...checked }, 422);
    const signedIn = await attempt(() => register(ctx, checked.values));
    if (signedIn instanceof ChatError) {
      return draw(ctx, { ...typed, problems: { name: signedIn.message } }, signedIn.status);
    }
    const response = ctx.redirect(typed.next, 303);
    keepSession(ctx, signedIn.secret, response.headers);
    return response;
  },
});

/** Creates an account. Someone who presses the button twice is signed in to that of the first press. */
async function register({ req, state }: Context<State>, given: NewAccount) {
  const { gate, accounts } = state.chat, wanted = { ...given, label: labelOf(req) };
  const made = await attempt(() => gate.execute("register", state, wanted));
  if (!(made instanceof ChatError)) return made;
  const there = made.code === "name_taken" ? await accounts.named(wanted.name) : null;
  if (!there || Date.now() - there.createdAt > PRESSED_AGAIN_MS) throw made;
  const signedIn = await attempt(() => gate.execute("signIn", state, wanted));
  if (signedIn instanceof ChatError) throw made;
  return signedIn;
}

function draw(ctx: Context<State>, data: RegisterData, status = 200) {
  ctx.state.title = t.room.pageTitle(t.register.title);
  return page<RegisterData>(data, { status });
}

export default define.page<typeof handler>(function RegisterPage({ data: { next, name, email, problems } }) {
  return (
    <CardPage title={t.register.title}>
      <form method="post" action="/register">
        <input type="hidden" name="next" value={next} />
        <Field
          id="name"
          label={t.field.name}
          value={name}
          maxLength={USERNAME_MAX}
          autocomplete="username"
          hint={t.register.nameHint}
          problem={problems?.name}
          autofocus={!problems || undefined}
        />
        <Field
          id="password"
          label={t.field.password}
          type="password"
          autocomplete="new-password"
          hint={t.register.passwordHint}
          problem={problems?.password}
        />
        <Field
          id="email"
          label={t.field.email}
          type="email"
          value={email}
          autocomplete="email"
          problem={problems?.email}
          optional
        />
        <Submit label={t.register.title} />
      </form>
      <p>
        {t.register.have} <a class="link" href={signInAddress(next)}>{t.action.signIn}</a>
      </p>
    </CardPage>
  );
});
