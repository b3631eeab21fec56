/**
 * Schema of files.
 * @module
 */
import { z } from "zod";

/** An uploaded file; its bytes lie beside it, in chunks. */
export const storedFile = z.object({
  id: z.string(),
  /** Media type, sniffed from the bytes. */
  type: z.string(),
  /** In bytes. */
  size: z.int(),
  /** Id of the account that uploaded it. */
  owner: z.string(),
  createdAt: z.number(),
});
