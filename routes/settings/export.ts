import { exportResponse } from "@/lib/http/responses.ts";
import { define } from "@/lib/http/state.ts";

/** The reader's data, as a file. */
export const handler = define.handlers({ GET: exportResponse });
