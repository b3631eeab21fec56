import { ChatError } from "@/lib/errors.ts";
import { messageId } from "@/lib/model/message.ts";
import { historyAnswer } from "@/lib/http/responses.ts";
import { api, rateLimit, readJson } from "@/lib/http/api.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { isCrossSite, resolveAuthor } from "@/lib/http/authenticate.ts";
import { messageJson } from "@/lib/protocols/room/views.ts";
import { nonce as nonceSchema } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { newMessage } from "@/lib/protocols/room/frames.ts";

/** `/api/chat/rooms/{room}/messages`: a page of history; say something. */
export const handler = api({
  async GET(ctx) {
    return await historyAnswer(ctx, (await findRoom(ctx)).room, messageJson);
  },

  async POST(ctx) {
    const { req, state } = ctx, { chat, actor } = state;
    const body = await readJson(req, newMessage);
    const access = await findRoom(ctx), { room } = access;
    const header = req.headers.get("idempotency-key");
    const nonce = body.nonce ?? (header === null ? undefined : parse(nonceSchema, header));
    const headers = new Headers();
    const author = await resolveAuthor(chat, actor, body.username);
    if (author === null) throw new ChatError("sign_in", 'Say who you are: add "username", or sign in.');
    // Another site's page could otherwise change who a visitor is here.
    if (author.issued !== undefined && actor === null && !isCrossSite(req, chat.site.corsOrigins)) {
      setGuestCookie(headers, state.secure, author.issued);
    }
    rateLimit(ctx, "post", "postAddress");
    const { content, replyTo } = body;
    const { post, repeated } = await chat.messages.post({ ...access, actor: author.identity }, {
      content,
      nonce,
      replyTo,
    });
    headers.set("location", `/api/chat/messages/${messageId(room.id, post.seq)}`);
    const [seen = post] = await chat.messages.seenBy(author.identity.person, room.id, [post]);
    return Response.json(messageJson(room.id, seen), { status: repeated ? 200 : 201, headers });
  },
});
