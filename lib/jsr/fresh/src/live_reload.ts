/** The path of the WebSocket that a page keeps open during development. When it closes, the server is restarting. */
export const ALIVE = "/_frsh/alive";

/** The path of the script that opens the WebSocket. */
export const LIVE_RELOAD = "/_frsh/reload.js";

/** The script that reloads the page once a server with another build answers. */
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
