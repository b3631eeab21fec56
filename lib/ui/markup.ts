/**
 * Parser for the markup of messages: fenced code, `code`, **bold**, *italic*, links. Components draw its tree as elements,
 * so no text ever becomes HTML. Every step is linear or bounded by a message's length squared over small constants.
 * @module
 */
import { type Link, links } from "@/lib/ui/links.ts";

/** An inline node. */
export type Inline =
  | { readonly type: "text" | "code"; readonly text: string }
  | { readonly type: "strong" | "em"; readonly children: readonly Inline[] }
  | Link;

/** A block node. */
export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "fence"; readonly text: string };

/** Deepest nesting of bold and italic; deeper marks are text. */
const DEPTH = 6;

const FENCE = /^[ ]{0,3}```[^`\n]*$/;

/** Parses a message. */
export function parse(content: string): Block[] {
  const blocks: Block[] = [];
  let open: string[] | undefined, plain: string[] = [];
  const flush = () => {
    const text = plain.join("\n").replace(/^\n+|\n+$/g, "");
    if (text) blocks.push({ type: "paragraph", children: inline(text) });
    plain = [];
  };
  for (const line of content.split("\n")) {
    if (open && /^[ ]{0,3}```\s*$/.test(line)) {
      blocks.push({ type: "fence", text: open.join("\n") });
      open = undefined;
    } else if (open) open.push(line);
    else if (FENCE.test(line)) {
      flush();
      open = [];
    } else plain.push(line);
  }
  if (open) blocks.push({ type: "fence", text: open.join("\n") });
  flush();
  return blocks;
}

const MARKS = [["**", "strong"], ["*", "em"], ["_", "em"]] as const;

/** Parses text without fences. */
export function inline(text: string, depth = 0): Inline[] {
  const pieces: Inline[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) pieces.push(...linked(text.slice(from, to)));
  };
  for (let at = 0; at < text.length;) {
    const piece = text[at] === "`" ? code(text, at) : depth < DEPTH ? emphasis(text, at, depth) : undefined;
    if (piece) {
      plain(at);
      pieces.push(piece.inline);
      at = from = piece.end;
    } else at += text.startsWith("http", at) ? wordLength(text, at) : 1;
  }
  plain(text.length);
  return pieces;
}

interface Found {
  readonly inline: Inline;
  /** Index after the closing mark. */
  readonly end: number;
}

function code(text: string, at: number): Found | undefined {
  const close = text.indexOf("`", at + 1);
  if (close <= at + 1) return undefined;
  return { inline: { type: "code", text: text.slice(at + 1, close) }, end: close + 1 };
}

const SPACE = /\s/, WORD = /[\p{L}\p{N}_]/u;

function emphasis(text: string, at: number, depth: number): Found | undefined {
  for (const [mark, type] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    const start = at + mark.length;
    // Inside a word, as in snake_case or 2*3*4, an underscore or a star is text.
    if (start >= text.length || SPACE.test(text[start] ?? " ") || WORD.test(text[at - 1] ?? " ")) return undefined;
    const close = closing(text, start, mark);
    if (close === -1) continue;
    return { inline: { type, children: inline(text.slice(start, close), depth + 1) }, end: close + mark.length };
  }
  return undefined;
}

function closing(text: string, start: number, mark: string): number {
  for (let close = text.indexOf(mark, start + 1); close !== -1; close = text.indexOf(mark, close + 1)) {
    if (mark === "*" && text[close + 1] === "*") {
      close++;
      continue;
    }
    if (!SPACE.test(text[close - 1] ?? " ") && !WORD.test(text[close + mark.length] ?? " ")) return close;
  }
  return -1;
}

// Marks inside a URL belong to it.
function wordLength(text: string, at: number): number {
  const space = text.slice(at).search(/[\s`]/);
  return space === -1 ? text.length - at : Math.max(space, 1);
}

function linked(text: string): Inline[] {
  const pieces: Inline[] = [];
  let from = 0;
  for (const { start, end, link } of links(text)) {
    if (start > from) pieces.push({ type: "text", text: text.slice(from, start) });
    pieces.push(link);
    from = end;
  }
  if (from < text.length) pieces.push({ type: "text", text: text.slice(from) });
  return pieces;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const EMOJI =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f?|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3)/u;
// Most messages have one, which saves segmenting them.
const LETTER = /[a-z]/i;
/** Most emoji that are drawn large. */
const LARGE_EMOJI = 6;

/** Whether a message is nothing but a few emoji, which are drawn large. */
export function isEmojiOnly(content: string): boolean {
  if (content.length > 100 || LETTER.test(content)) return false;
  const units = [...graphemes.segment(content.replace(/\s/g, ""))];
  return units.length > 0 && units.length <= LARGE_EMOJI && units.every(({ segment }) => EMOJI.test(segment));
}
