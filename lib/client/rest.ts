/**
 * REST calls of a page.
 * @module
 */
import { RequestError } from "@/lib/client/connection.ts";
import { t } from "@/lib/ui/strings.ts";

/**
 * Deletes a room with its messages.
 *
 * @throws {RequestError} If the server refuses or cannot be reached.
 */
export async function deleteRoom(id: number): Promise<void> {
  await ask(`/api/chat/rooms/${id}`, "DELETE");
}

/**
 * Posts a message; the same nonce again is the same message. Answers its `seq`.
 *
 * @throws {RequestError} If the server refuses, or with the code `going_away` if it cannot be reached.
 */
export async function postMessage(room: number, content: string, nonce: string): Promise<{ seq?: number }> {
  const message = await ask(`/api/chat/rooms/${room}/messages`, "POST", { content, nonce });
  if (typeof message !== "object" || message === null || !("seq" in message)) return {};
  return typeof message.seq === "number" ? { seq: message.seq } : {};
}

async function ask(path: string, method: string, body?: unknown): Promise<unknown> {
  const init = body === undefined
    ? {}
    : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(path, { method, ...init }).catch(() => undefined);
  if (!response) throw new RequestError("going_away", t.error.network);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw refusal(answer);
}

/** Reads a problem+json body: its code, and the message of the first wrong field or else its detail. */
function refusal(problem: unknown): RequestError {
  if (typeof problem !== "object" || problem === null) return new RequestError("internal", t.error.unexpected);
  const code = "code" in problem && typeof problem.code === "string" ? problem.code : "internal";
  if ("errors" in problem && Array.isArray(problem.errors)) {
    const [first] = problem.errors;
    if (typeof first?.message === "string") return new RequestError(code, first.message);
  }
  const detail = "detail" in problem && typeof problem.detail === "string" ? problem.detail : t.error.unexpected;
  return new RequestError(code, detail);
}
