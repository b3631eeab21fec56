import { type Context, page } from "fresh";
import { z } from "zod";
import { Choice, Field, Saved, Submit, Tick, Wrong } from "@/components/forms.tsx";
import { SettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { scope as scopes } from "@/lib/model/schema/account.ts";
import { TOKEN_LABEL_MAX } from "@/lib/model/limits.ts";
import { tokenLabel } from "@/lib/model/schema/text.ts";
import type { Scope } from "@/lib/model/account.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { type Fields, readFields } from "@/lib/http/body.ts";
import { attempt, sentence } from "../(_pages)/form.ts";
import { ownSessions, type ShownSession } from "../(_pages)/own_account.ts";

const SCOPES = scopes.options;

interface TokensData {
  readonly tokens: readonly ShownSession[];
  /** The refused form. */
  readonly typed?: { readonly label: string; readonly scopes: readonly Scope[]; readonly expiry: string };
  /** The secret of the new token. */
  readonly secret?: string;
  readonly ended?: boolean;
  readonly labelProblem?: string;
  readonly scopeProblem?: string;
}

const DAY = 24 * 3600 * 1000;
const expiry = z.enum(["30", "90", "365", "never"]);

/** Personal access tokens: creates, shows and revokes them. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, { ended: ctx.url.searchParams.has("ended") }),
  async POST(ctx) {
    const field = await readFields(ctx.req), end = field("end");
    if (end === "") return await create(ctx, field);
    await ctx.state.chat.gate.execute("endSession", ctx.state, { id: end });
    return ctx.redirect("/settings/tokens?ended", 303);
  },
});

/** The response itself shows the secret, as it isn't stored for another page. */
async function create(ctx: Context<State>, field: Fields) {
  const label = tokenLabel.safeParse(field("label")), days = parse(expiry, field("expiry"));
  const scopes = SCOPES.filter((scope) => field(scope) !== "");
  const typed = { label: field("label"), scopes, expiry: days };
  if (!label.success || scopes.length === 0) {
    const labelProblem = label.error && sentence(label.error);
    return await draw(
      ctx,
      { typed, labelProblem, scopeProblem: scopes.length === 0 ? t.account.noScope : undefined },
      422,
    );
  }
  const lifetime = days === "never" ? undefined : Number(days) * DAY;
  const token = { label: label.data, scopes, lifetime };
  const made = await attempt(() => ctx.state.chat.gate.execute("createToken", ctx.state, token));
  if (made instanceof ChatError) return await draw(ctx, { typed, labelProblem: made.message }, made.status);
  return await draw(ctx, { secret: made.secret }, 201);
}

async function draw(ctx: Context<State>, data: Omit<TokensData, "tokens">, status = 200) {
  const tokens = await ownSessions(ctx, "token");
  return page<TokensData>({ tokens, ...data }, { status, headers: { "cache-control": "no-store" } });
}

export default define.page<typeof handler>(function TokensPage({ data }) {
  const { tokens, typed, secret, ended, labelProblem, scopeProblem } = data;
  return (
    <SettingsPage current="/settings/tokens">
      <p>{t.account.tokensNote}</p>
      {secret !== undefined && (
        <div class="field" role="status">
          <label for="secret">{t.account.secret}</label>
          <input id="secret" value={secret} readOnly autoFocus class="code" />
          <small>{t.account.secretNote}</small>
        </div>
      )}
      <Saved when={ended}>{t.account.revoked}</Saved>
      {tokens.length === 0 ? <p>{t.account.noTokens}</p> : (
        <form method="post" action="/settings/tokens">
          <ul class="list">
            {tokens.map((token) => <Row key={token.id} {...token} />)}
          </ul>
        </form>
      )}
      <section aria-labelledby="create-heading">
        <h2 id="create-heading">{t.account.createToken}</h2>
        <form method="post" action="/settings/tokens">
          <Field
            id="label"
            label={t.field.purpose}
            value={typed?.label}
            maxLength={TOKEN_LABEL_MAX}
            problem={labelProblem}
          />
          <fieldset class="field" aria-describedby={scopeProblem ? "scope-problem" : undefined}>
            <legend>{t.account.tokenScopes}</legend>
            {SCOPES.map((scope, index) => (
              <Tick
                key={scope}
                name={scope}
                label={t.account.scopes[scope]}
                checked={typed?.scopes.includes(scope)}
                autofocus={index === 0 && scopeProblem !== undefined}
              />
            ))}
            <Wrong id="scope-problem">{scopeProblem}</Wrong>
          </fieldset>
          <Choice
            id="expiry"
            label={t.account.tokenExpiry}
            options={t.account.expiries}
            value={typed?.expiry ?? "90"}
          />
          <Submit label={t.account.createToken} />
        </form>
      </section>
    </SettingsPage>
  );
});

function Row({ id, label, scopes, made, used, until }: ShownSession) {
  return (
    <li>
      <div>
        <strong dir="auto">{label}</strong>
        <p>{scopes ? t.account.scopesAre(scopes) : t.account.everything}</p>
        <p>
          {t.account.created(made)}, {t.account.lastUsed(used)}
          {until !== null && `, ${t.account.expires(until)}`}
        </p>
      </div>
      <button type="submit" class="button" name="end" value={id} aria-label={t.account.revokeNamed(label)}>
        {t.action.revoke}
      </button>
    </li>
  );
}
