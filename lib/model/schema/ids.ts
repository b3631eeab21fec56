/**
 * Schemas of ids, as clients write them.
 * @module
 */
import { z } from "zod";
import { messageId, splitMessageId } from "@/lib/model/message.ts";

/** A client's own name for a request, by which a repeat is known. */
export const nonce = z.string().min(1).max(128);

/** The id of a message. */
export const messageIdentifier = z.int().refine(
  (id) => splitMessageId(id) !== undefined,
  "No message can have this id.",
).meta({ minimum: messageId(1, 1), not: { multipleOf: messageId(1, 0) } });

/** The id of an account. */
export const accountId = z.string().regex(/^[0-9a-f]{24}$/, "An account's id is 24 lower-case hex characters.");
