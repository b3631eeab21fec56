/**
 * The text of messages.
 * @module
 */
import type { ComponentChildren } from "preact";
import { type Block, type Inline, isEmojiOnly, parse } from "@/lib/ui/markup.ts";

/** The text of a message; `after` is added to its last line. */
export function Markup({ content, after }: { content: string; after?: ComponentChildren }) {
  const blocks = parse(content);
  const last = blocks.at(-1);
  return (
    <div class={isEmojiOnly(content) ? "body large" : "body"}>
      {blocks.map((block, index) => <BlockOf key={index} block={block} after={block === last && after} />)}
    </div>
  );
}

function BlockOf({ block, after }: { block: Block; after: ComponentChildren }) {
  if (block.type === "paragraph") return <p dir="auto">{inlines(block.children)}{after}</p>;
  return (
    <>
      <pre tabIndex={0}><code>{block.text}</code></pre>
      {after}
    </>
  );
}

function inlines(pieces: readonly Inline[]): ComponentChildren[] {
  return pieces.map((piece, index) => {
    if (piece.type === "text") return piece.text;
    if (piece.type === "link") {
      return <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>;
    }
    const Tag = piece.type;
    return <Tag key={index}>{"text" in piece ? piece.text : inlines(piece.children)}</Tag>;
  });
}
