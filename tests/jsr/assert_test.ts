import {
  assert,
  assertEquals,
  assertGreater,
  AssertionError,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

/** Checks that an assertion fails, without the help of the assertions under test. */
function fails(what: () => void): void {
  try {
    what();
  } catch (error) {
    if (error instanceof AssertionError) return;
    throw error;
  }
  throw new Error(`Expected to fail: ${what}`);
}

Deno.test("assertEquals and assertNotEquals compare values deeply", () => {
  class Point {
    constructor(readonly x: number) {}
  }
  const cycle = (): unknown => {
    const object: { self?: unknown } = {};
    object.self = object;
    return object;
  };
  const same: [unknown, unknown][] = [
    [1, 1],
    [NaN, NaN],
    [0, -0],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new URL("http://a/"), new URL("http://a/")],
    [new Map([["a", { b: 1 }]]), new Map([["a", { b: 1 }]])],
    [new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]])],
    [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Point(1), new Point(1)],
    [Object.create(null), {}],
    [cycle(), cycle()],
    [new Error("a"), new Error("a")],
  ];
  for (const [a, b] of same) {
    assertEquals(a, b);
    fails(() => assertNotEquals(a, b));
  }
  const different: [unknown, unknown][] = [
    [1, "1"],
    [null, undefined],
    [{ a: 1 }, { a: 2 }],
    [{ a: undefined }, {}],
    [[1, 2], [1, 2, 3]],
    [[1], { 0: 1 }],
    [new Date(5), new Date(6)],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Set([1, undefined]), new Set([1, 2])],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Point(1), { x: 1 }],
    [new Error("a"), new Error("b")],
    [{ [Symbol.for("s")]: 1 }, { [Symbol.for("s")]: 2 }],
  ];
  for (const [a, b] of different) {
    assertNotEquals(a, b);
    fails(() => assertEquals(a, b));
  }
});

Deno.test("a failed assertEquals shows the lines that differ", () => {
  try {
    assertEquals({ a: 1, b: 2 }, { a: 1, b: 3 });
  } catch (error) {
    assert(error instanceof AssertionError);
    assertEquals(error.name, "AssertionError");
    assertMatch(error.message, /^-\s+b: 2,?$/m);
    assertMatch(error.message, /^\+\s+b: 3,?$/m);
    return;
  }
  throw new Error("Expected assertEquals to fail");
});

Deno.test("each assertion holds for the right values and fails for the wrong ones", () => {
  const shared = {};
  assert(1);
  fails(() => assert(0));
  assertNotEquals<unknown>([1], [2]);
  fails(() => assertNotEquals([1], [1]));
  assertStrictEquals(shared, shared);
  fails(() => assertStrictEquals({}, {}));
  assertStringIncludes("abc", "b");
  fails(() => assertStringIncludes("abc", "d"));
  assertMatch("abc", /b/);
  fails(() => assertMatch("abc", /d/));
  assertNotMatch("abc", /d/);
  fails(() => assertNotMatch("abc", /b/));
  assertGreater(2, 1);
  fails(() => assertGreater(1, 1));
  assertLess(1, 2);
  fails(() => assertLess(1, 1));
});

Deno.test("assertThrows gives what was thrown, and checks its class and message", () => {
  const error = assertThrows(
    () => {
      throw new RangeError("too far");
    },
    RangeError,
    "far",
  );
  assertEquals(error.message, "too far");
  fails(() =>
    assertThrows(() => {
      throw "text";
    }, Error)
  );
  fails(() => assertThrows(() => 1, Error));
  fails(() =>
    assertThrows(() => {
      throw new Error("a");
    }, TypeError)
  );
  fails(() =>
    assertThrows(
      () => {
        throw new Error("a");
      },
      Error,
      "b",
    )
  );
});

Deno.test("assertRejects gives the reason, and fails for what throws at once or is fulfilled", async () => {
  const error = await assertRejects(
    () => Promise.reject(new RangeError("too far")),
    RangeError,
    "far",
  );
  assertEquals(error.message, "too far");
  await assertRejects(
    () => assertRejects(() => Promise.resolve(), Error),
    AssertionError,
  );
  await assertRejects(
    () =>
      assertRejects(() => {
        throw new Error("at once");
      }, Error),
    AssertionError,
  );
  await assertRejects(
    () => assertRejects(() => Promise.reject(new Error("a")), TypeError),
    AssertionError,
  );
});
