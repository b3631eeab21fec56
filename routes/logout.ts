import { signOut } from "@/lib/http/sign_in.ts";
import { define } from "@/lib/http/state.ts";

/** Signs out by a form, which no other site can send; the front door follows. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/", 303),
  async POST(ctx) {
    const response = ctx.redirect("/", 303);
    await signOut(ctx, response.headers);
    return response;
  },
});
