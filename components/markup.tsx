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
    switch (piece.type) {
      case "text":
        return piece.text;
      case "code":
        return <code key={index}>{piece.text}</code>;
      case "strong":
        return <strong key={index}>{inlines(piece.children)}</strong>;
      case "em":
        return <em key={index}>{inlines(piece.children)}</em>;
      case "link":
        return <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>;
    }
  });
}
