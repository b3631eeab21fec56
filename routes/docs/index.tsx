import { page, type RouteConfig } from "fresh";
import { Reader } from "@/components/reader.tsx";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";

export const config: RouteConfig = { skipAppWrapper: true };

/** The API to read and to try out. */
export const handler = define.handlers({ GET: () => page() });

export default define.page<typeof handler>(function ApiPage() {
  return (
    <Reader
      title={t.docs.api}
      place="swagger-ui"
      sheet="/vendor/swagger-ui.css"
      scripts={["/vendor/swagger-ui-bundle.js", "/docs/swagger.js"]}
    />
  );
});
