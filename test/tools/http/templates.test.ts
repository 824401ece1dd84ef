import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillBody, parseBodyTemplate } from "../../../server/tools/http/body-template.ts";
import { fillRequest, prepareRequest } from "../../../server/tools/http/prepared-request.ts";
import { ArgumentError, parseTemplate, TemplateError } from "../../../server/tools/http/template.ts";
import { fillUrl, parseUrlTemplate } from "../../../server/tools/http/url-template.ts";

const RUNS = 2_000;

const ESCAPES = (
  '/ \\ .. . ? # & = % %2f %2e %252e %5c : @ ; // evil.example [::1] " \\u0022 { } {{id}} $& $1 x \u{2044} \u{ff0f} \u{ff0e} ' +
  "\r\n \n \0 \t \ud800"
)
  .split(" ")
  .concat(" ");

/** Texts that try to leave their place, among texts of all kinds. */
const hostile = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 20 }) },
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...ESCAPES), { maxLength: 6 }).map((parts) => parts.join("")),
  },
);
const jsonValue = fc.jsonValue({ maxDepth: 4 });

/** What became of it, or that it was refused. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof ArgumentError) return undefined;
    throw cause;
  }
}

describe("an argument in the address", () => {
  const template = parseUrlTemplate("https://shop.example:8443/v1/orders/{id}/items/x-{item}.json");

  it("stays within its segment, whatever it is, or is refused", () => {
    fc.assert(
      fc.property(hostile, hostile, (id, item) => {
        const url = attempt(() => fillUrl(template, { id, item }));
        if (url === undefined) return;
        // As the strictest and the most lenient reader see it: as it is, and decoded once and twice.
        expect(url.origin).toBe("https://shop.example:8443");
        expect([url.search, url.hash, url.username, url.password]).toEqual(["", "", "", ""]);
        const segments = url.pathname.split("/");
        expect(segments).toHaveLength(6);
        expect([segments[1], segments[2], segments[4]]).toEqual(["v1", "orders", "items"]);
        expect(decodeURIComponent(segments[3]!)).toBe(id);
        expect(decodeURIComponent(segments[5]!)).toBe(`x-${item}.json`);
        expect(url.pathname).not.toMatch(/%2f|%5c|%0[0-9a-f]|%1[0-9a-f]|%7f|%25[0-9a-f]{2}|\/\.{1,2}(?:\/|;|%3b|$)/i);
        expect(new URL(url.href).href).toBe(url.href);
        const misled = decodeURIComponent(url.pathname).replaceAll(/[?#]/g, "-");
        expect(new URL(misled, "https://shop.example:8443").pathname.split("/")).toHaveLength(6);
      }),
      { numRuns: RUNS },
    );
  });

  it("is refused where only a lenient reader would be misled", () => {
    for (const id of ["a/b", "..", ".", "a\\b", "..%2f", "%2e%2e", "%252e", "", "\0", "a\nb", "\ud800", "..;x", [], {}, null, undefined])
      expect(attempt(() => fillUrl(template, { id, item: "1" }))?.href, JSON.stringify(id)).toBeUndefined();
  });

  it("is taken as it is where it is harmless", () => {
    expect(fillUrl(template, { id: "A 1?#&=ü…v.2", item: 7 }).href).toBe(
      "https://shop.example:8443/v1/orders/A%201%3F%23%26%3D%C3%BC%E2%80%A6v.2/items/x-7.json",
    );
    const dots = parseUrlTemplate("https://shop.example/a/.{name}/b");
    expect(attempt(() => fillUrl(dots, { name: "." }))).toBeUndefined();
    expect(fillUrl(dots, { name: "git" }).pathname).toBe("/a/.git/b");
  });

  it("has no place in scheme, host, port, user, query or fragment", () => {
    for (const url of [
      "{scheme}://shop.example/",
      "https://{host}/",
      "https://{tenant}.shop.example/",
      "https://shop.example:{port}/",
      "https://{user}@shop.example/",
      "https://user:secret@shop.example/",
      "https://shop.example{rest}",
      "https://shop.example?x={x}",
      "https://shop.example/a?x={x}",
      "https://shop.example/a#{x}",
      "https://shop.example\\{x}",
      "https://shop.example/a/../{x}",
      "https://shop.example/a/%2e%2e/{x}",
      "https://shop.example/{open",
      "https://shop.example/{not a name}",
      "//shop.example/{x}",
      "file:///etc/{x}",
      "javascript:{x}",
      "{x}",
      "",
    ])
      expect(() => parseUrlTemplate(url), url).toThrow(TemplateError);
    expect(parseUrlTemplate("HTTPS://Shop.Example/%7B{x}").origin).toBe("https://shop.example");
  });
});

describe("an argument in the query", () => {
  const request = prepareRequest({ url: "https://shop.example/find", query: { q: "{q}", tag: "t:{tag}", fixed: "1" }, headers: {} });

  it("is the value of its parameter and of no other", () => {
    fc.assert(
      fc.property(hostile, hostile, (q, tag) => {
        const url = attempt(() => fillRequest(request, { q, tag }))?.url;
        if (url === undefined) return;
        expect([...new URL(url.href).searchParams]).toEqual([
          ["q", q],
          ["tag", `t:${tag}`],
          ["fixed", "1"],
        ]);
        expect([url.origin, url.pathname, url.hash]).toEqual(["https://shop.example", "/find", ""]);
      }),
      { numRuns: RUNS },
    );
  });

  it("is left out when it is missing, and there several times for a list", () => {
    expect(fillRequest(request, {}).url.search).toBe("?fixed=1");
    expect(fillRequest(request, { q: null, tag: false }).url.search).toBe("?tag=t%3Afalse&fixed=1");
    expect(fillRequest(request, { q: ["a&b", 2] }).url.search).toBe("?q=a%26b&q=2&fixed=1");
    expect(attempt(() => fillRequest(request, { q: { deep: 1 } }))).toBeUndefined();
    expect(attempt(() => fillRequest(request, { tag: ["a"] }))).toBeUndefined();
  });
});

describe("an argument in a header", () => {
  const request = prepareRequest({
    url: "https://shop.example/",
    query: {},
    headers: { "X-Customer": "id {id}", Authorization: "Bearer secret" },
  });

  it("never ends the header, whatever it is", () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const headers = attempt(() => fillRequest(request, { id }))?.headers;
        if (headers === undefined) return;
        expect(Object.keys(headers)).toEqual(["X-Customer", "Authorization"]);
        expect(headers["X-Customer"]).toBe(`id ${id}`);
        expect(headers["X-Customer"]).not.toMatch(/[^\x20-\x7e\x80-\xff]/);
        expect([...new Headers(headers).keys()].toSorted()).toEqual(["authorization", "x-customer"]);
      }),
      { numRuns: RUNS },
    );
  });

  it("is refused beyond Latin-1, and the header left out without it", () => {
    for (const id of ["a\r\nX-Admin: 1", "a\nb", "\0", "\t", "日本", "€"])
      expect(
        attempt(() => fillRequest(request, { id })),
        id,
      ).toBeUndefined();
    expect(fillRequest(request, { id: "café" }).headers["X-Customer"]).toBe("id café");
    expect(fillRequest(request, {}).headers).toEqual({ Authorization: "Bearer secret" });
  });
});

describe("an argument in the body", () => {
  const template = {
    order: "{order}",
    note: "For {name}: {{{name}}}",
    list: ["{order}", "fixed", { deep: "{value}" }],
    admin: false,
    "{name}": 1,
  };
  const body = parseBodyTemplate(template);

  it("becomes a value, or a part of one text, and changes nothing beside it", () => {
    fc.assert(
      fc.property(hostile, hostile, jsonValue, (order, name, value) => {
        const filled = attempt(() => fillBody(body, { order, name, value }));
        if (filled === undefined) return;
        const sent: unknown = JSON.parse(JSON.stringify(filled));
        expect(sent).toEqual({
          order,
          note: `For ${name}: {${name}}`,
          list: [order, "fixed", { deep: JSON.parse(JSON.stringify(value)) }],
          admin: false,
          "{name}": 1,
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("is left out when it is missing", () => {
    expect(fillBody(body, { order: null })).toEqual({ order: null, list: [null, "fixed", {}], admin: false, "{name}": 1 });
    expect(fillBody(parseBodyTemplate("{all}"), {})).toBeUndefined();
    expect(fillBody(parseBodyTemplate("{all}"), { all: [1] })).toEqual([1]);
  });

  it("is not taken from what objects have from elsewhere, and keeps members whatever they are called", () => {
    expect(fillBody(parseBodyTemplate({ a: "{constructor}", b: "{toString}" }), {})).toEqual({});
    const given = JSON.parse('{"value":{"__proto__":{"admin":true}}}') as Record<string, unknown>;
    const odd = parseBodyTemplate(JSON.parse('{"__proto__":"{value}","keep":1}'));
    expect(JSON.stringify(fillBody(odd, given))).toBe('{"__proto__":{"__proto__":{"admin":true}},"keep":1}');
  });

  it("that is too deep to be written is refused before anything is sent", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const request = prepareRequest({ url: "https://shop.example/", query: {}, headers: {}, body: "{deep}" });
    expect(() => fillRequest(request, { deep })).toThrow(ArgumentError);
  });
});

describe("a template", () => {
  it("is read back as it was written, for every text without braces; with them it names what is wrong", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (/[{}]/.test(text)) return;
        expect(parseTemplate(text).parts).toEqual(text === "" ? [] : [text]);
      }),
    );
    expect(parseTemplate("{{a}} {b}{{").parts).toEqual(["{a} ", { argument: "b" }, "{"]);
    for (const text of ["{", "}", "a}b", "{a", "{}", "{a b}", "{{a}", "{a}}"])
      expect(() => parseTemplate(text), text).toThrow(TemplateError);
  });
});
