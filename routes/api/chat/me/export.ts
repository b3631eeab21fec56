import { api, pace } from "@/lib/http/api.ts";

/** `/api/chat/me/export`: everything that the server keeps of the asker, an item a line. */
export const handler = api({
  GET(ctx) {
    const { asker, chat } = ctx.state;
    chat.policy.account(asker, "account");
    pace(ctx, "upload");
    return new Response(ReadableStream.from(chat.ownData.export(asker)).pipeThrough(new TextEncoderStream()), {
      headers: {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": 'attachment; filename="hubbub.jsonl"',
      },
    });
  },
});
