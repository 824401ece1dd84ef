import * as z from "zod";
import { describe, expect, it } from "vitest";
import { route } from "../../server/http/api/route.ts";
import { parseJson } from "../../server/tools/http/read-answer.ts";
import { startApi } from "../http/api/api-harness.ts";
import { jsonTexts } from "./attack-collection.ts";

/** `y_`: JSON. `n_`: none. `i_`: either, but nothing may break. */
function verdict(name: string, accepted: boolean): string | undefined {
  if (name.startsWith("y_") && !accepted) return `${name} is refused`;
  if (name.startsWith("n_") && accepted) return `${name} is taken`;
  return undefined;
}

describe("what is JSON and what is not", () => {
  it("as the answer of an HTTP tool's service", () => {
    const faults = jsonTexts.map(({ name, base64 }) => {
      try {
        parseJson(Buffer.from(base64, "base64"));
        return verdict(name, true);
      } catch (cause) {
        expect(cause, name).toBeInstanceOf(SyntaxError);
        return verdict(name, false);
      }
    });
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
    expect(jsonTexts.length).toBeGreaterThan(3);
  });

  it("as the body of an API request", async () => {
    const api = await startApi(
      [
        route({
          method: "POST",
          path: "/echo",
          operationId: "echo",
          tag: "Test",
          summary: "Says that the body was JSON",
          action: "self.read",
          body: z.unknown(),
          response: z.string(),
          handle: async () => ({ body: "taken" }),
        }),
      ],
      { bodyBytes: 1_000_000 },
    );
    const faults: (string | undefined)[] = [];
    for (const { name, base64 } of jsonTexts) {
      const response = await fetch(`${api.url}/echo`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer admin" },
        body: Buffer.from(base64, "base64"),
      });
      await response.body?.cancel();
      if (response.status >= 500) faults.push(`${name} is answered with ${response.status}`);
      else faults.push(verdict(name, response.status === 200));
    }
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });
});
