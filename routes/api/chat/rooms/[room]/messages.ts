import { ChatError } from "@/lib/errors.ts";
import { messageId } from "@/lib/model/message.ts";
import { historyResponse } from "@/lib/http/responses.ts";
import { setGuestCookie } from "@/lib/http/cookies.ts";
import { findRoom } from "@/lib/http/path_params.ts";
import { isCrossSite, resolveAuthor } from "@/lib/http/authenticate.ts";
import { messageJson, readMessageJson } from "@/lib/protocols/room/views.ts";
import { nonce as nonceSchema } from "@/lib/model/schema/ids.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { newMessage } from "@/lib/protocols/room/frames.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { readJson } from "@/lib/http/body.ts";

/** `/api/chat/rooms/{room}/messages`: a page of the messages; sends one. */
export const handler = endpoint({
  async GET(ctx) {
    return await historyResponse(ctx, (await findRoom(ctx)).room, readMessageJson);
  },

  async POST(ctx) {
    const { req, state } = ctx, { chat, actor } = state;
    const body = await readJson(req, newMessage);
    const { room } = await findRoom(ctx);
    const header = req.headers.get("idempotency-key");
    const nonce = body.nonce ?? (header === null ? undefined : parse(nonceSchema, header));
    const headers = new Headers();
    const author = await resolveAuthor(chat, state, body.username);
    if (author === null) throw new ChatError("sign_in", "Enter a name (username) or sign in.");
    // Another site's page must not change a visitor's name here.
    if (author.issued !== undefined && actor === null && !isCrossSite(req, chat.site.corsOrigins)) {
      setGuestCookie(headers, state.secure, author.issued);
    }
    const { content, replyTo } = body, caller = { actor: author.identity, address: state.address };
    const { post, repeated } = await chat.gate.execute("post", caller, { room: room.id, content, nonce, replyTo });
    headers.set("location", `/api/chat/messages/${messageId(room.id, post.seq)}`);
    const [seen = post] = await chat.messages.seenBy(author.identity.person, room.id, [post]);
    return Response.json(messageJson(room.id, seen), { status: repeated ? 200 : 201, headers });
  },
});
