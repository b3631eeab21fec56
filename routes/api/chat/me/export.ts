import { ownDataAnswer } from "@/lib/http/responses.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/me/export`: everything that the server keeps of the actor, an item a line. */
export const handler = endpoint({ GET: ownDataAnswer });
