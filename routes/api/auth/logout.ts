import { api } from "@/lib/http/api.ts";
import { signOut } from "@/lib/http/sign_in.ts";

/** `/api/auth/logout`: the session ends that the cookie or the token names. */
export const handler = api({
  async POST(ctx) {
    const response = new Response(null, { status: 204 });
    await signOut(ctx, response.headers);
    return response;
  },
});
