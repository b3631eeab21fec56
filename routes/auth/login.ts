/** `/auth/login`: the same as `/token`. */
export { handler } from "../token.ts";
