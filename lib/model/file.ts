/**
 * Files.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { storedFile } from "@/lib/model/schema/file.ts";

/** An uploaded file. */
export type StoredFile = Parsed<typeof storedFile>;
