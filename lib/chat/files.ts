/**
 * Files: bytes in chunks, written before anything names them. A file's type is sniffed and never believed.
 * @module
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { FILE_CHUNK, keys } from "@/lib/store/keys.ts";
import { AVATAR_MAX } from "@/lib/model/limits.ts";
import type { StoredFile } from "@/lib/model/file.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Store } from "@/lib/store/kv.ts";

/** How pictures that every browser shows begin, in hex. */
const PICTURES: readonly [type: string, start: RegExp][] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^47494638(37|39)61/],
  ["image/webp", /^52494646.{8}57454250/],
];

/** The bytes of a removed file are removed. */
const SWEEP_FILE: JobKind<{ readonly file: string }> = { name: "sweep_file", payload: z.object({ file: z.string() }) };

/** All uploaded files. */
export class Files {
  /** Files of one store. */
  constructor(private readonly store: Store, private readonly jobs: Jobs) {
    jobs.handle(SWEEP_FILE, ({ file }, signal) => store.sweep(keys.fileChunk.under(file), signal));
  }

  /**
   * Stores a picture.
   *
   * @returns Its id.
   * @throws {ChatError} `invalid` for anything but a picture that browsers show, `too_large` over {@link AVATAR_MAX}.
   */
  async storePicture(owner: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    if (bytes.length > AVATAR_MAX) throw new ChatError("too_large", `Choose a picture under ${AVATAR_MAX / 1024} KB.`);
    const start = [...bytes.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const type = PICTURES.find(([, pattern]) => pattern.test(start))?.[0];
    if (!type) throw new ChatError("invalid", "Choose a picture: PNG, JPEG, GIF or WebP.");
    const id = randomBytes(16).toString("hex");
    await this.store.write(chunks(id, bytes));
    await this.store.commit([], [put(keys.file(id), { id, type, size: bytes.length, owner, createdAt: Date.now() })]);
    return id;
  }

  /** A file and its bytes; null where there is none. */
  async read(id: string): Promise<{ file: StoredFile; bytes: Uint8Array<ArrayBuffer> } | null> {
    const { value: file } = await this.store.get(keys.file(id));
    if (!file) return null;
    const chunks = Array.from({ length: Math.ceil(file.size / FILE_CHUNK) }, (_, n) => keys.fileChunk(id, n));
    const bytes = new Uint8Array(file.size);
    for (const [n, { value }] of (await this.store.getMany(chunks)).entries()) {
      if (!value) return null;
      bytes.set(value, n * FILE_CHUNK);
    }
    return { file, bytes };
  }

  /** Mutations that remove a file, with the commit that no longer names it. */
  removal(id: string): Mutation[] {
    return [remove(keys.file(id)), this.jobs.enqueue(SWEEP_FILE, { file: id })];
  }
}

function* chunks(id: string, bytes: Uint8Array<ArrayBuffer>): Generator<Mutation> {
  for (let from = 0; from < bytes.length; from += FILE_CHUNK) {
    yield put(keys.fileChunk(id, from / FILE_CHUNK), bytes.slice(from, from + FILE_CHUNK));
  }
}
