import { page, type RouteConfig } from "fresh";
import { ApiReference } from "@/components/reference.tsx";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";

export const config: RouteConfig = { skipAppWrapper: true };

/** The API to read, on one page. */
export const handler = define.handlers({ GET: () => page() });

export default define.page<typeof handler>(function ApiReferencePage() {
  return <ApiReference title={t.docs.api} root="redoc" scripts={["/vendor/redoc.standalone.js", "/docs/redoc.js"]} />;
});
