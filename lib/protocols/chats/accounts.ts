/**
 * The JSON of registering and signing in.
 * @module
 */
import { z } from "zod";
import type { Granted } from "@/lib/http/sign_in.ts";
import { profile, profileJson } from "@/lib/protocols/room/people.ts";
import { isoTime } from "@/lib/protocols/room/codec.ts";
import type { Account } from "@/lib/model/account.ts";

/** An account, as the one who has it sees it. */
export const ownAccount = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  created_at: z.iso.datetime(),
});

/** An access token. */
export const bearer = z.object({ access_token: z.string(), token_type: z.literal("bearer") });

/** An access token, and the seconds for which it is good. */
export const grant = bearer.extend({ expires_in: z.int() });

/** Who has just registered, and is signed in. */
export const registered = ownAccount.extend(bearer.shape);

/** Who has just signed in. */
export const loggedIn = grant.extend({ user: z.object({ id: z.string(), username: z.string() }) });

/** Somebody in the list of accounts. */
export const listed = profile.extend({ online: z.boolean() });

/** The JSON of an account for the one who has it. */
export function ownAccountJson({ id, name, email, createdAt }: Account): z.infer<typeof ownAccount> {
  return { id, username: name, email, created_at: isoTime(createdAt) };
}

/** The JSON of an access token. */
export function bearerJson({ token }: Granted): z.infer<typeof bearer> {
  return { access_token: token, token_type: "bearer" };
}

/** The JSON of an access token that tells how long it is good. */
export function grantJson(granted: Granted): z.infer<typeof grant> {
  return { ...bearerJson(granted), expires_in: granted.expiresIn };
}

/** The JSON of somebody who has just registered. */
export function registeredJson(account: Account, granted: Granted): z.infer<typeof registered> {
  return { ...ownAccountJson(account), ...bearerJson(granted) };
}

/** The JSON of somebody who has just signed in. */
export function loggedInJson({ id, name }: Account, granted: Granted): z.infer<typeof loggedIn> {
  return { ...grantJson(granted), user: { id, username: name } };
}

/** The JSON of somebody in the list of accounts. */
export function listedJson(account: Account, online: boolean): z.infer<typeof listed> {
  return { ...profileJson(account), online };
}
