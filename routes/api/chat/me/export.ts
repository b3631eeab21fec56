import { ownDataAnswer } from "@/lib/http/responses.ts";
import { api } from "@/lib/http/api.ts";

/** `/api/chat/me/export`: everything that the server keeps of the actor, an item a line. */
export const handler = api({ GET: ownDataAnswer });
