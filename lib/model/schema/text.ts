/**
 * The rules for what people type: names, room names, messages (docs/protocols.md). Each rule is a zod schema
 * that gives back the text as it is stored, or a sentence that says what is wrong; its `meta` is what JSON Schema can say
 * of it in the API's description.
 * @module
 */
import { z } from "zod";
import {
  ABOUT_MAX,
  CONTENT_MAX,
  DESCRIPTION_MAX,
  ROOM_NAME_MAX,
  STATUS_MAX,
  TOKEN_LABEL_MAX,
  USERNAME_MAX,
} from "@/lib/model/limits.ts";
import { fold } from "@/lib/model/names.ts";

const WORD = "[\\p{L}\\p{N}\\p{M}_.\\-]+";
const USERNAME = new RegExp(`^${WORD}(?: ${WORD})*$`, "u");
// Joiners and tag characters belong to emoji; every other control, format or private character could hide or turn text.
const UNPRINTABLE = /[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200d\u{e0020}-\u{e007f}])\p{Cf}/u;
const VISIBLE = /[^\p{C}\p{Z}\p{M}]/u;
// For the API's description, in what the patterns of every language know.
const PRINTABLE = "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} \\u200d]*";
const WRITTEN = "[^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]";
// Tab and newline are the only control characters that a message keeps.
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

function codePoints(text: string): number {
  return [...text].length;
}

/** A person's name: 1 to {@link USERNAME_MAX} letters, digits, marks, `_ - .`, with single spaces inside. */
export const username = z.string().transform((name) => name.trim().normalize("NFC")).superRefine((name, context) => {
  if (name === "") context.addIssue("Enter a name.");
  else if (codePoints(name) > USERNAME_MAX) context.addIssue(`Use at most ${USERNAME_MAX} characters for the name.`);
  else if (!USERNAME.test(name)) {
    context.addIssue("Use only letters, numbers, _ - . and single spaces.");
  }
}).meta({ minLength: 1, maxLength: USERNAME_MAX, pattern: USERNAME.source });

/** A room's name: 1 to {@link ROOM_NAME_MAX} printable characters, not digits alone. */
export const roomName = z.string().transform((name) => name.trim().replace(/\p{Zs}+/gu, " ").normalize("NFC"))
  .superRefine((name, context) => {
    if (name === "") context.addIssue("Enter a name for the room.");
    else if (codePoints(name) > ROOM_NAME_MAX) {
      context.addIssue(`Use at most ${ROOM_NAME_MAX} characters for the room's name.`);
    } else if (UNPRINTABLE.test(name) || !VISIBLE.test(name)) {
      context.addIssue("A room's name can only have printable characters.");
    } else if (/^\p{Nd}+$/u.test(fold(name))) {
      context.addIssue("A room's name can't be digits only. Add a letter.");
    }
  }).meta({
    minLength: 1,
    maxLength: ROOM_NAME_MAX,
    pattern: `^${PRINTABLE}[\\p{L}\\p{P}\\p{S}]${PRINTABLE}$`,
  });

/** The text of a message: 1 to {@link CONTENT_MAX} UTF-16 units once control characters are out and the ends are trimmed. */
export const content = z.string().transform(clean).superRefine((text, context) => {
  if (text === "") context.addIssue("Write a message first.");
  else if (text.length > CONTENT_MAX) {
    context.addIssue(`A message can have at most ${CONTENT_MAX} characters. Yours has ${text.length}.`);
  }
}).meta({ minLength: 1, maxLength: CONTENT_MAX, pattern: WRITTEN });

/** A description of a room, or none. */
export const description = upTo(DESCRIPTION_MAX, `A description can have at most ${DESCRIPTION_MAX} characters.`);

/** A bio, or none. */
export const about = upTo(ABOUT_MAX, `Use at most ${ABOUT_MAX} characters.`);

/** An e-mail address. */
export const email = z.email("Enter a valid email, or leave this empty.").max(254);

/** The label of a personal access token. */
export const tokenLabel = z.string().trim().min(1, "Say what the token is for.").max(TOKEN_LABEL_MAX);

/** The text of a status, or none. */
export const statusText = z.string().max(STATUS_MAX).transform((text) => text.toWellFormed().trim());

/** One emoji, as a reaction. */
export const emoji = z.string().max(64).refine(
  (text) =>
    /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text) && [...graphemes.segment(text)].length === 1,
  "A reaction is a single emoji.",
);

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function upTo(length: number, message: string) {
  return z.string().transform(clean).refine((text) => text.length <= length, message).meta({ maxLength: length });
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replace(CONTROLS, "").trim();
}
