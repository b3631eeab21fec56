/**
 * Files.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { storedFile } from "@/lib/model/schema/file.ts";

/** An uploaded file. */
export type StoredFile = Immutable<z.infer<typeof storedFile>>;
