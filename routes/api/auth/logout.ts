import { signOut } from "@/lib/http/sign_in.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/auth/logout`: ends the session of the cookie or token. */
export const handler = endpoint({
  async POST(ctx) {
    const response = new Response(null, { status: 204 });
    await signOut(ctx, response.headers);
    return response;
  },
});
