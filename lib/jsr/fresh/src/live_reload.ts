/** The address of the socket that pages of a developer hold: when it closes, the server is coming back. */
export const ALIVE = "/_frsh/alive";

/** The address of the script that holds it. */
export const LIVE_RELOAD = "/_frsh/reload.js";

/** Reloads the page once a server with another build answers. */
export const RELOAD_SCRIPT = `
let known;
function connect() {
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + ${JSON.stringify(ALIVE)});
  socket.onmessage = ({ data }) => {
    if (known !== undefined && known !== data) location.reload();
    known = data;
  };
  socket.onclose = () => setTimeout(connect, 300);
}
connect();
`;
