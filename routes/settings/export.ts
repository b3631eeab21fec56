import { ownDataAnswer } from "@/lib/http/responses.ts";
import { define } from "@/lib/http/state.ts";

/** What the server keeps of the reader, to take along. */
export const handler = define.handlers({ GET: ownDataAnswer });
