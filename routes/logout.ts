import { signOut } from "@/lib/http/sign_in.ts";
import { define } from "@/lib/http/state.ts";

/** Signs out by a form, and goes on to `/`. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/", 303),
  async POST(ctx) {
    const response = ctx.redirect("/", 303);
    await signOut(ctx, response.headers);
    return response;
  },
});
