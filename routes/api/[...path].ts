import { ChatError } from "@/lib/errors.ts";
import { problem, shared } from "@/lib/http/api.ts";
import { define } from "@/lib/http/state.ts";

/** Whatever else is asked for under `/api`. */
export const handler = define.handlers((ctx) => shared(ctx, problem(new ChatError("not_found"))));
