/**
 * Every endpoint of the API. A test fails for a route that is not here.
 * @module
 */
import { bearerOperations } from "@/lib/http/openapi/bearer.ts";
import { authOperations, chatOperations } from "@/lib/http/openapi/chats.ts";
import { meOperations } from "@/lib/http/openapi/me.ts";
import type { Operations } from "@/lib/http/openapi/operation.ts";
import { messageOperations, roomOperations } from "@/lib/http/openapi/rooms.ts";
import { serverOperations } from "@/lib/http/openapi/server.ts";

/** The whole table. */
export const OPERATIONS: Operations = {
  ...roomOperations,
  ...messageOperations,
  ...meOperations,
  ...serverOperations,
  ...authOperations,
  ...chatOperations,
  ...bearerOperations,
};
