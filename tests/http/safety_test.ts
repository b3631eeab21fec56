import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { guestCookie } from "@/tests/http/requests.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a method that an address doesn't have is 405, and Allow lists those it has", async (t) => {
  await using server = await serve();
  const tries: [string, string, string][] = [
    ["DELETE", "/api/chat/rooms", "GET, POST, HEAD, OPTIONS"],
    ["PUT", "/api/chat/rooms/1", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    ["PATCH", "/api/chat/rooms/1/messages", "GET, POST, HEAD, OPTIONS"],
    ["POST", "/api/chat/messages/4294967297", "GET, PATCH, DELETE, HEAD, OPTIONS"],
    ["GET", "/api/chat/messages/4294967297/pin", "PUT, DELETE, OPTIONS"],
    ["POST", "/health", "GET, HEAD, OPTIONS"],
  ];
  for (const [method, path, allow] of tries) {
    await t.step(`${method} ${path}`, async () => {
      const response = await server.fetch(path, { method });
      assertEquals([response.status, response.headers.get("allow")], [405, allow]);
      assertEquals((await response.json()).code, "method_not_allowed");
      const options = await server.fetch(path, { method: "OPTIONS" });
      assertEquals([options.status, options.headers.get("allow"), await options.text()], [204, allow, ""]);
    });
  }
  await t.step("an unknown method", async () => {
    const response = await server.fetch("/api/chat/rooms", { method: "BREW" });
    assertEquals([response.status, (await response.json()).status], [405, 405]);
  });
});

Deno.test("HEAD is GET without a body", async () => {
  await using server = await serve();
  for (
    const path of [
      "/api/chat/rooms",
      "/api/chat/rooms/1",
      "/api/chat/rooms/1/messages",
      "/api/chat/rooms/nowhere",
      "/stats",
    ]
  ) {
    const head = await server.fetch(path, { method: "HEAD" }), get = await server.fetch(path);
    await get.body?.cancel();
    for (const header of ["content-type", "content-length"]) {
      assertEquals([head.status, head.headers.get(header)], [get.status, get.headers.get(header)], `${path} ${header}`);
    }
    assertEquals(await head.text(), "");
  }
});

Deno.test("an address that is none is answered as the API answers", async (t) => {
  await using server = await serve();
  const tries: [string, number][] = [
    ["/api", 404],
    ["/api/chat/nothing", 404],
    ["/ws/alice/nothing", 404],
    ["/room/1", 404],
    ["/api/chat/rooms/1/nothing", 404],
    ["/api/chat/rooms/%00", 404],
    ["/api/chat/rooms/%2e%2e%2f%2e%2e", 404],
    [`/api/chat/rooms/${"x".repeat(3_000)}`, 404],
    ["/api/chat/rooms/%", 422],
    ["/api/chat/rooms/%ff/messages", 422],
    ["/ws/chat/1", 422],
    ["/ws/chat/%", 422],
    ["/ws/chat/1/nothing", 404],
    ["/users/me", 404],
    ["/auth/nothing", 404],
    ["/chat/messages", 404],
    ["/files/", 404],
    ["/health/nothing", 404],
  ];
  for (const [path, status] of tries) {
    await t.step(path.slice(0, 40), async () => {
      const response = await server.fetch(path);
      assertEquals([response.status, response.headers.get("content-type")], [status, "application/problem+json"]);
      const { type, title, detail, status: told } = await response.json();
      assertEquals([type, typeof title, typeof detail, told], ["about:blank", "string", "string", status]);
    });
  }
  await t.step("a slash at the end makes no difference", async () => {
    for (const path of ["/api/chat/rooms/", "/api/chat/rooms/general/", "/api/chat/rooms/general/messages/?limit=1"]) {
      assertEquals((await server.fetch(path)).status, 200, path);
    }
    const json = { content: "Hello", username: "Alice" };
    const response = await server.fetch("/api/chat/rooms/general/messages/", { method: "POST", json });
    assertEquals([response.status, (await response.json()).content], [201, "Hello"]);
  });
});

Deno.test("a handshake that is none is refused, and another protocol's offer is passed over", async () => {
  await using server = await serve();
  // A header of the connection is not for `fetch` to set, so this writes the request itself.
  const ask = async (lines: string[]) => {
    const { hostname, port } = new URL(server.url);
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const request = [...lines, `Host: ${hostname}:${port}`, "", ""].join("\r\n");
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(4_096);
    return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0)).split("\r\n")[0] ?? "";
  };
  assertStringIncludes(await ask(["GET /ws/chat/1 HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"]), " 422 ");
  assertStringIncludes(await ask(["GET /ws/chat/1 HTTP/1.1", "Upgrade: websocket", "Sec-WebSocket-Key: x"]), " 422 ");
  assertStringIncludes(await ask(["GET /chat/ws/ HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"]), " 404 ");
  const handshake = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ];
  assertStringIncludes(await ask(["GET /ws/alice/nothing HTTP/1.1", ...handshake]), " 404 ");
  const offer = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"];
  assertStringIncludes(await ask(["GET /api/chat/rooms HTTP/1.1", ...offer]), " 200 ");
  assertStringIncludes(await ask(["GET /api/chat/rooms HTTP/1.1", "Authorization: Bearer x", ...offer]), " 401 ");
});

Deno.test("pages of any site can use the API, without cookies", async (t) => {
  await using server = await serve();
  const { cookie } = await guestCookie(server, "Alice");
  const foreign = { origin: "https://elsewhere.example", cookie };
  await t.step("the preflight lists what can be sent", async () => {
    const response = await server.fetch("/api/chat/rooms", { method: "OPTIONS", headers: foreign });
    assertEquals(response.headers.get("access-control-allow-origin"), "*");
    assertEquals(response.headers.get("access-control-allow-credentials"), null);
    assertStringIncludes(response.headers.get("access-control-allow-methods") ?? "", "POST");
    const headers = response.headers.get("access-control-allow-headers")?.split(", ") ?? [];
    // The star is not for Authorization.
    for (const header of ["Authorization", "Content-Type", "Idempotency-Key", "*"]) assert(headers.includes(header));
  });
  await t.step("responses and errors can be read", async () => {
    for (
      const [path, status] of [["/api/chat/rooms", 200], ["/api/chat/rooms/nowhere", 404], ["/api/nothing", 404], [
        "/api/chat/rooms?token=x",
        401,
      ]] as const
    ) {
      const response = await server.fetch(path, { headers: foreign });
      assertEquals([response.status, response.headers.get("access-control-allow-origin")], [status, "*"], path);
      await response.body?.cancel();
    }
  });
  await t.step("the visitor's cookie counts for nothing, and stays as it is", async () => {
    for (
      const origin of [
        "https://elsewhere.example",
        "null",
        `${server.url}.elsewhere.example`,
        server.url.replace(/\d+$/, "1"),
      ]
    ) {
      const headers = { origin, cookie };
      const nobody = await server.fetch("/api/chat/rooms/1/messages", {
        method: "POST",
        headers,
        json: { content: "Hello" },
      });
      assertEquals([nobody.status, (await nobody.json()).code], [401, "sign_in"], origin);
      const json = { content: "Hello", username: "Eve" };
      const named = await server.fetch("/api/chat/rooms/1/messages", { method: "POST", headers, json });
      assertEquals([named.status, named.headers.getSetCookie()], [201, []], origin);
      await named.body?.cancel();
    }
  });
  await t.step("a page's form from another site is 403", async () => {
    const body = new URLSearchParams({ username: "Eve", name: "Eve" });
    for (const headers of [foreign, { cookie, origin: "null" }, { cookie, "sec-fetch-site": "cross-site" }]) {
      const response = await server.fetch("/join", { method: "POST", headers, body, redirect: "manual" });
      await response.body?.cancel();
      assertEquals([response.status, response.headers.getSetCookie()], [403, []]);
    }
    const own = await server.fetch("/join", {
      method: "POST",
      headers: { origin: server.url },
      body,
      redirect: "manual",
    });
    await own.body?.cancel();
    assert(own.status !== 403);
  });
});

Deno.test("every answer is kept from being taken for something else", async () => {
  await using server = await serve();
  for (const path of ["/", "/api/chat/rooms", "/api/nothing", "/nothing", "/health", "/%"]) {
    const response = await server.fetch(path);
    await response.body?.cancel();
    assertEquals(response.headers.get("x-content-type-options"), "nosniff", path);
    assertEquals(response.headers.get("referrer-policy"), "same-origin", path);
    if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
    const policy = response.headers.get("content-security-policy") ?? "";
    for (const directive of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      assertStringIncludes(policy, directive, path);
    }
    assert(!policy.includes("unsafe-inline"), path);
  }
});

Deno.test("/health says that the process serves", async () => {
  await using server = await serve();
  await server.join("Alice");
  const response = await server.fetch("/health");
  const { status, version, uptime_seconds, system, connections, storage } = await response.json();
  assertEquals([response.status, status, storage, connections], [200, "healthy", "ok", 1]);
  assertEquals([typeof version, typeof uptime_seconds, Object.keys(system)], ["string", "number", [
    "cpu",
    "memory",
    "load",
  ]]);
  await server.chat.drain();
  const draining = await server.fetch("/health");
  assertEquals([draining.status, (await draining.json()).status], [503, "unhealthy"]);
});
