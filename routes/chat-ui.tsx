/** `/chat-ui`: the web app, under the address that clients of protocol 4 know. */
export { default, handler } from "./index.tsx";
