import { HttpError } from "fresh";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { define } from "@/lib/http/state.ts";
import { t } from "@/lib/ui/strings.ts";
import { statusOf } from "./(_pages)/page_context.ts";

export default define.page(function ErrorPage({ error, url, state }) {
  const status = statusOf(error);
  const message = error instanceof HttpError && status < 500 && status !== 404 ? error.message : "";
  // This doesn't reveal whether the room exists: every address of a room gets this page.
  const room = error instanceof HttpError && error.cause instanceof ChatError && error.cause.code === "room_not_found";
  return (
    <CardPage title={t.error.title(status)}>
      <p>{message || (status === 404 ? t.error.notFound : t.error.unexpected)}</p>
      {room && !accountOf(state.actor) ? <SignIn next={url.pathname + url.search} /> : (
        <p>
          <a class="button go" href="/">{t.error.home}</a>
        </p>
      )}
    </CardPage>
  );
});

function SignIn({ next }: { next: string }) {
  return (
    <>
      <p>{t.error.signIn}</p>
      <div class="actions">
        <a class="button" href="/">{t.error.home}</a>
        <a class="button go" href={signInAddress(next)}>{t.action.signIn}</a>
      </div>
    </>
  );
}
