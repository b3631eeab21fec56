/**
 * What a room's page shows around its messages.
 * @module
 */
import { signal } from "@preact/signals";
import type { Post } from "@/lib/model/message.ts";
import { t } from "@/lib/ui/strings.ts";

/** How long a notice stays, in milliseconds. */
const NOTICE_TIME = 4_000;

/** View state of a room: unseen messages, announcements, notices, the message being edited. */
export class RoomView {
  /** How many messages came in that the reader has not scrolled to. */
  readonly unseen = signal(0);
  /** What screen readers say. */
  readonly announcement = signal("");
  /** What failed, for people. */
  readonly problem = signal<string | undefined>(undefined);
  /** What was done, for people; it goes by itself. */
  readonly notice = signal<string | undefined>(undefined);
  /** `seq` of the message that is being edited. */
  readonly editing = signal<number | undefined>(undefined);
  /** Counts up when the page is to scroll to its end. */
  readonly toEnd = signal(0);
  /** Whether the end of the messages is in view; kept by the timeline. */
  atEnd = true;
  /** Whether the page itself is visible. */
  isVisible = true;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  /** Whether the reader sees what comes in. */
  get seesEnd(): boolean {
    return this.isVisible && this.atEnd;
  }

  /** Counts and announces new messages of others. */
  arrived(posts: readonly Post[]): void {
    const last = posts.at(-1);
    if (!last) return;
    if (!this.seesEnd) this.unseen.value += posts.length;
    this.announcement.value = t.message.announce(last.by.name, last.content);
  }

  /** Shows a notice for a moment. */
  notify(text: string): void {
    this.notice.value = text;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.notice.value = undefined, NOTICE_TIME);
  }

  /** Scrolls to the end, where nothing is unseen. */
  scrollToEnd(): void {
    this.unseen.value = 0;
    this.toEnd.value++;
  }
}
