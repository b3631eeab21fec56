/**
 * Every endpoint of the API. A test fails for a route that is not here.
 * @module
 */
import { bearerOperations } from "@/lib/protocols/bearer/openapi.ts";
import { authOperations, chatOperations } from "@/lib/protocols/chats/openapi.ts";
import { meOperations } from "@/lib/protocols/room/openapi_me.ts";
import type { Operations } from "@/lib/protocols/operation.ts";
import { messageOperations, roomOperations } from "@/lib/protocols/room/openapi_rooms.ts";
import { serverOperations } from "@/lib/protocols/lobby/openapi.ts";

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
