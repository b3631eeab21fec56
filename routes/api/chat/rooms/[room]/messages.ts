import { ChatError } from "@/lib/errors.ts";
import { messageId } from "@/lib/chat/entries.ts";
import { api, link, query, readJson, segments } from "@/lib/http/api.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import { isForeign } from "@/lib/http/who.ts";
import { messageJson } from "@/lib/protocol/room.ts";
import { messagesQuery, newMessage, nonce as nonceSchema, parse } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}/messages`: a page of history; say something. */
export const handler = api({
  async GET({ url, state: { chat, asker } }) {
    const room = await chat.rooms.find(asker, segments(url)[3] ?? "");
    const { posts, older, newer } = await chat.messages.page(room, query(url, messagesQuery));
    const first = posts[0], last = posts.at(-1);
    const header = link(url, {
      prev: older && first ? { before: messageId(room.id, first.seq) } : undefined,
      next: newer && last ? { after: messageId(room.id, last.seq) } : undefined,
    });
    return Response.json(posts.map((post) => messageJson(room.id, post)), header ? { headers: { link: header } } : {});
  },

  async POST({ req, url, state: { chat, asker } }) {
    const body = await readJson(req, newMessage);
    const room = await chat.rooms.find(asker, segments(url)[3] ?? "");
    const header = req.headers.get("idempotency-key");
    const nonce = body.nonce ?? (header === null ? undefined : parse(nonceSchema, header));
    const headers = new Headers();
    let author = asker;
    if (body.username !== undefined && (author === null || (author.guest && author.name !== body.username))) {
      const guest = chat.guests.issue(body.username);
      author = guest.person;
      // Another site's page could otherwise change who a visitor is here.
      if (asker === null && !isForeign(req)) setGuestCookie(headers, req, guest.token);
    }
    if (author === null) throw new ChatError("sign_in", 'Say who you are: add "username", or sign in.');
    const { content, reply_to } = body;
    const { post, repeated } = await chat.messages.post(author, room, {
      content,
      nonce,
      replyTo: reply_to ?? undefined,
    });
    headers.set("location", `/api/chat/messages/${messageId(room.id, post.seq)}`);
    return Response.json(messageJson(room.id, post), { status: repeated ? 200 : 201, headers });
  },
});
