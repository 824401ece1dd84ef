import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ssrf } from "./attack-collection.ts";
import { ENTRANCES, isHeaderValue } from "./entrances.ts";
import { type CountingServer, countingServer, watchedFetch } from "./watched-fetch.ts";

describe("an address that may not be reached is not reached", () => {
  let honest: CountingServer;
  let trap: CountingServer;

  beforeAll(async () => {
    honest = await countingServer();
    trap = await countingServer();
    trap.listener = (_, response) => response.end('{"trapped":true}');
  });
  afterAll(async () => {
    await honest.close();
    await trap.close();
  });

  /** As it is, over https, and led to a server that really listens. */
  function formsOf(url: string): readonly string[] {
    const forms = [url, url.replace(/^(\s*)http:/i, "$1https:")];
    const parsed = URL.parse(url);
    if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.port === "") {
      parsed.port = String(trap.port);
      forms.push(parsed.href);
    }
    return [...new Set(forms)];
  }

  describe.each(ENTRANCES.map((entrance) => [entrance.name, entrance] as const))("as %s", (name, entrance) => {
    it("in any of its forms", async () => {
      const { fetch, escaped, refusals } = watchedFetch();
      let thrown = 0;
      honest.seen.length = 0;
      for (const form of ssrf.refuse.flatMap(({ url }) => formsOf(url))) {
        if (name.includes("redirect") && !isHeaderValue(form)) continue;
        await entrance.use(form, { fetch, honest }).catch((cause: unknown) => {
          thrown += 1;
          if (String(cause).includes("ESCAPED")) escaped.push(String(cause));
        });
      }
      expect(escaped).toEqual([]);
      expect(trap.seen).toEqual([]);
      // Something has to have said no, or to have stopped at the redirect. An icon is refused by its schema, or loaded
      // by a browser.
      if (name !== "an icon") expect(refusals() + thrown + honest.seen.length).toBeGreaterThanOrEqual(ssrf.refuse.length * 0.8);
    });
  });
});
