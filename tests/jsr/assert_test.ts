import * as std from "@std/assert";
import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertMatch,
  assertNotEquals,
  assertNotInstanceOf,
  assertNotMatch,
  assertNotStrictEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
} from "@std/assert";

/** Fails unless the assertion does; it does not lean on the ones under test. */
function fails(what: () => void): void {
  try {
    what();
  } catch (error) {
    if (error instanceof AssertionError) return;
    throw error;
  }
  throw new Error(`Expected to fail: ${what}`);
}

Deno.test("equal compares values all the way down", () => {
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
  for (const [a, b] of same) if (!equal(a, b)) throw new Error(`Expected equal: ${Deno.inspect([a, b])}`);
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
  for (const [a, b] of different) if (equal(a, b)) throw new Error(`Expected different: ${Deno.inspect([a, b])}`);
});

Deno.test("a failed assertEquals shows the lines that differ", () => {
  try {
    assertEquals({ a: 1, b: 2 }, { a: 1, b: 3 });
  } catch (error) {
    assertInstanceOf(error, AssertionError);
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
  assertFalse("");
  fails(() => assertFalse(1));
  assertExists(0);
  fails(() => assertExists(null));
  assertNotEquals<unknown>([1], [2]);
  fails(() => assertNotEquals([1], [1]));
  assertStrictEquals(shared, shared);
  fails(() => assertStrictEquals({}, {}));
  assertNotStrictEquals({}, {});
  fails(() => assertNotStrictEquals(shared, shared));
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1, 1.4, 0.5);
  fails(() => assertAlmostEquals(1, 1.1));
  assertArrayIncludes([1, { a: 1 }, 3], [{ a: 1 }]);
  fails(() => assertArrayIncludes([1], [2]));
  assertStringIncludes("abc", "b");
  fails(() => assertStringIncludes("abc", "d"));
  assertMatch("abc", /b/);
  fails(() => assertMatch("abc", /d/));
  assertNotMatch("abc", /d/);
  fails(() => assertNotMatch("abc", /b/));
  assertObjectMatch({ a: 1, b: { c: 2, d: 3 }, e: [1, { f: 1, g: 2 }] }, { b: { c: 2 }, e: [1, { f: 1 }] });
  fails(() => assertObjectMatch({ a: 1 }, { b: 1 }));
  fails(() => assertObjectMatch({ b: { c: 2 } }, { b: { c: 3 } }));
  assertInstanceOf(new Date(), Date);
  fails(() => assertInstanceOf({}, Date));
  assertNotInstanceOf({}, Date);
  fails(() => assertNotInstanceOf(new Date(), Date));
  assertIsError(new TypeError("ab"), TypeError, "a");
  assertIsError(new TypeError("ab"), Error, /b$/);
  fails(() => assertIsError("ab"));
  fails(() => assertIsError(new Error("ab"), TypeError));
  fails(() => assertIsError(new Error("ab"), Error, "c"));
  std.assertGreater(2, 1);
  fails(() => std.assertGreater(1, 1));
  std.assertGreaterOrEqual(1, 1);
  fails(() => std.assertGreaterOrEqual(0, 1));
  std.assertLess(1, 2);
  fails(() => std.assertLess(1, 1));
  std.assertLessOrEqual(1, 1);
  fails(() => std.assertLessOrEqual(2, 1));
  fails(() => std.fail("so"));
  fails(() => std.unreachable());
  fails(() => std.unimplemented());
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
  assertEquals(
    assertThrows(() => {
      throw "text";
    }),
    "text",
  );
  fails(() => assertThrows(() => 1));
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
  const error = await assertRejects(() => Promise.reject(new RangeError("too far")), RangeError, "far");
  assertEquals(error.message, "too far");
  await assertRejects(() => assertRejects(() => Promise.resolve()), AssertionError);
  await assertRejects(
    () =>
      assertRejects(() => {
        throw new Error("at once");
      }),
    AssertionError,
  );
  await assertRejects(() => assertRejects(() => Promise.reject(new Error("a")), TypeError), AssertionError);
});
