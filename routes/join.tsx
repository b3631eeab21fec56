import { type Context, page } from "fresh";
import { JoinField } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { define, type State } from "@/lib/http/state.ts";
import { t } from "@/lib/ui/strings.ts";
import { join } from "./(_pages)/join.ts";
import { safeNext } from "./(_pages)/page_context.ts";

interface JoinData {
  readonly known: boolean;
  readonly next: string;
  readonly name?: string;
  readonly problem?: string;
}

/** Where a visitor enters or changes their name, and goes back to where they were. */
export const handler = define.handlers({
  GET(ctx) {
    return draw(ctx, { next: safeNext(ctx.url.searchParams.get("next") ?? "/"), name: ctx.state.actor?.person.name });
  },
  async POST(ctx) {
    const joined = await join(ctx);
    return "response" in joined ? joined.response : draw(ctx, joined, 422);
  },
});

function draw(ctx: Context<State>, data: Omit<JoinData, "known">, status = 200) {
  const known = ctx.state.actor !== null;
  ctx.state.title = t.room.pageTitle(known ? t.join.rename : t.join.title);
  return page<JoinData>({ ...data, known }, { status });
}

export default define.page<typeof handler>(function JoinPage({ data: { known, next, name, problem } }) {
  return (
    <CardPage title={known ? t.join.rename : t.join.title} back={{ href: next, name: t.action.cancel }}>
      <form class="guest" method="post" action="/join">
        <input type="hidden" name="next" value={next} />
        <JoinField
          id="name"
          button={known ? t.join.renameButton : t.join.button}
          name={name}
          problem={problem}
          autofocus
        />
        <p>{known ? t.join.renameNote : t.join.note}</p>
      </form>
    </CardPage>
  );
});
