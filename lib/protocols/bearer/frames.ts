/**
 * What clients of protocol 4 send.
 * @module
 */
import { z } from "zod";
import { content } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { digits } from "@/lib/protocols/fields.ts";

/** A message's id in a path of protocol 4; what no message can have is one that nobody knows. */
export const objectIdSegment = z.string().regex(/^[0-9a-f]{24}$/i, "A message's id is 24 hex digits here.")
  .transform((hex) => parseInt(hex, 16));

/** Query of a room's messages in protocol 4. */
export const newestQuery = z.object({ limit: digits.pipe(z.int().min(1).max(500)).default(50) });

/** What a client of protocol 4 sends. */
export const bearerFrame: z.ZodType<Command> = z.object({ content })
  .transform(({ content }) => ({ type: "post" as const, content }));
