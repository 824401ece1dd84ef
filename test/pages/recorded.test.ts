import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import { peer } from "../support/peers.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const SECRET = "my card is 4111";

/** As docs/pages.md says. */
const KEPT_OUT = `maskAllInputs: true,
  maskTextSelector: "*",
  maskTextFn(text, element) {
    for (let root = element?.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
      if (root.host.localName === "front-desk") return text.replace(/\\S/g, "*");
    return text;
  },`;

/** What a recorder with these options knows after a customer wrote, and was answered, in a chat that is put there so. */
async function recorded(options: string, tag: string): Promise<string> {
  const rrweb = await peer("rrweb/dist/rrweb.umd.cjs");
  const visit = await stage.visit(
    await pageWith({
      head: '<script src="/rrweb.js"></script>',
      body: `${tag}<script>
        globalThis.events = [];
        rrweb.record({ emit: (event) => events.push(event), ${options} });
      </script>`,
      files: { "/rrweb.js": { file: rrweb } },
    }),
  );
  await visit.openPanel();
  await visit.ask(`${SECRET}, where is order 1042?`);
  await visit.answered("1042");
  await visit.settled();
  return visit.page.evaluate(() => JSON.stringify((globalThis as unknown as { events: unknown[] }).events));
}

test("a session recorder sees the chat, as it sees the rest of the page", async () => {
  expect((await recorded("", pastedTag(stage.demo.deskUrl))).includes(SECRET)).toBe(true);
});

test.each([
  ["the script", () => pastedTag(stage.demo.deskUrl)],
  [
    "an element of the page",
    () => `<front-desk assistant="shop"></front-desk><script async src="${stage.demo.deskUrl}/frontdesk.js"></script>`,
  ],
])("told to mask the chat, put there by %s, it learns nothing that is said there", async (_, tag) => {
  const events = await recorded(KEPT_OUT, tag());
  expect(events.includes("Somebody's page")).toBe(true);
  for (const said of ["4111", "1042", "Heron"]) expect(events.includes(said), said).toBe(false);
});

test("the docs say so", async () => {
  const page = await readFile(new URL("../../docs/pages.md", import.meta.url), "utf8");
  const bare = (code: string): string => code.replace(/\s+/g, "");
  expect(bare(page)).toContain(bare(`rrweb.record({ emit, ${KEPT_OUT} });`));
});
