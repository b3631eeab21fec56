import { page, type RouteConfig } from "fresh";
import { ApiReference } from "@/components/reference.tsx";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";

export const config: RouteConfig = { skipAppWrapper: true };

/** The API to read and to try out. */
export const handler = define.handlers({ GET: () => page() });

export default define.page<typeof handler>(function ApiPage() {
  return (
    <ApiReference
      title={t.docs.api}
      root="swagger-ui"
      stylesheet="/vendor/swagger-ui.css"
      scripts={["/vendor/swagger-ui-bundle.js", "/docs/swagger.js"]}
    />
  );
});
