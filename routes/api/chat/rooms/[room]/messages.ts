import { ChatError } from "@/lib/errors.ts";
import { messageId } from "@/lib/chat/entries.ts";
import { historyAnswer } from "@/lib/http/answers.ts";
import { api, pace, readJson } from "@/lib/http/api.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import { findRoom } from "@/lib/http/find.ts";
import { isForeign, speaker } from "@/lib/http/who.ts";
import { messageJson } from "@/lib/protocol/room.ts";
import { newMessage, nonce as nonceSchema, parse } from "@/lib/protocol/schemas.ts";

/** `/api/chat/rooms/{room}/messages`: a page of history; say something. */
export const handler = api({
  async GET(ctx) {
    return await historyAnswer(ctx, (await findRoom(ctx)).room, messageJson);
  },

  async POST(ctx) {
    const { req, state } = ctx, { chat, asker } = state;
    const body = await readJson(req, newMessage);
    const standing = await findRoom(ctx), { room } = standing;
    const header = req.headers.get("idempotency-key");
    const nonce = body.nonce ?? (header === null ? undefined : parse(nonceSchema, header));
    const headers = new Headers();
    const author = await speaker(chat, asker, body.username);
    if (author === null) throw new ChatError("sign_in", 'Say who you are: add "username", or sign in.');
    // Another site's page could otherwise change who a visitor is here.
    if (author.issued !== undefined && asker === null && !isForeign(req, chat.site.corsOrigins)) {
      setGuestCookie(headers, state.secure, author.issued);
    }
    pace(ctx, "post", "postAddress");
    const { content, reply_to } = body;
    const { post, repeated } = await chat.messages.post({ ...standing, asker: author.identity }, {
      content,
      nonce,
      replyTo: reply_to ?? undefined,
    });
    headers.set("location", `/api/chat/messages/${messageId(room.id, post.seq)}`);
    return Response.json(messageJson(room.id, post), { status: repeated ? 200 : 201, headers });
  },
});
