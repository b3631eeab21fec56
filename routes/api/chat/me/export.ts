import { exportResponse } from "@/lib/http/responses.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/me/export`: the account's data, one item per line. */
export const handler = endpoint({ GET: exportResponse });
