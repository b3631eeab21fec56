import { HttpError } from "fresh";
import { Sheet } from "@/components/sheet.tsx";
import { define } from "@/lib/http/state.ts";
import { t } from "@/lib/client/strings.ts";

export default define.page(function ErrorPage({ error }) {
  const status = error instanceof HttpError ? error.status : 500;
  const told = error instanceof HttpError && status < 500 && status !== 404 ? error.message : "";
  return (
    <Sheet title={t.error.title(status)}>
      <p>{told || (status === 404 ? t.error.notFound : t.error.unexpected)}</p>
      <p>
        <a class="button go" href="/">{t.error.home}</a>
      </p>
    </Sheet>
  );
});
