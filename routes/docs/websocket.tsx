import { page } from "fresh";
import { FieldTable, FrameDoc } from "@/components/reference.tsx";
import { CardPage, Styles } from "@/components/page_layout.tsx";
import { t } from "@/lib/ui/strings.ts";
import { clientFrames, queryFields, serverFrames, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { CLOSES, PROTOCOLS, SHARED_RULES } from "@/lib/http/socket_docs.ts";
import { define } from "@/lib/http/state.ts";

/** What the sockets speak: every frame of every protocol. */
export const handler = define.handlers({
  GET(ctx) {
    ctx.state.title = t.docs.sockets;
    return page();
  },
});

export default define.page<typeof handler>(function SocketsPage() {
  return (
    <div class="reference">
      <Styles names={["docs/sockets"]} />
      <CardPage title={t.docs.sockets} wide>
        <p>
          <a href="/docs">{t.docs.api}</a>
        </p>
        <nav aria-label={t.docs.protocols}>
          <ul>
            {PROTOCOLS.map(({ id, title, address }) => (
              <li key={id}>
                <a href={`#${id}`}>{title}</a> <code>{address}</code>
              </li>
            ))}
          </ul>
        </nav>
        <section>
          <h2>{t.docs.shared}</h2>
          <ul>{SHARED_RULES.map((rule) => <li key={rule}>{rule}</li>)}</ul>
        </section>
        <section>
          <h2>{t.docs.closes}</h2>
          <table>
            <tbody>
              {CLOSES.map(([code, meaning]) => (
                <tr key={code}>
                  <th scope="row">{code}</th>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        {PROTOCOLS.map((protocol) => <Protocol key={protocol.id} protocol={protocol} />)}
      </CardPage>
    </div>
  );
});

function Protocol({ protocol }: { protocol: SocketProtocol }) {
  const { id, title, address, about, order } = protocol, query = queryFields(protocol);
  return (
    <section id={id}>
      <h2>{title}</h2>
      <p>
        <code>{address}</code>
      </p>
      {about.map((sentence) => <p key={sentence}>{sentence}</p>)}
      {query.length > 0 && <h3>{t.docs.query}</h3>}
      <FieldTable fields={query} />
      <h3>{t.docs.order}</h3>
      <ul>{order.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
      <h3>{t.docs.fromClient}</h3>
      {clientFrames(protocol).map((frame) => <FrameDoc key={frame.name} {...frame} />)}
      <h3>{t.docs.fromServer}</h3>
      {serverFrames(protocol).map((frame) => <FrameDoc key={frame.name} {...frame} />)}
    </section>
  );
}
