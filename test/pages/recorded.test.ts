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

/** What a recorder with these options knows after a customer wrote, and was answered. */
async function recorded(options: string): Promise<string> {
  const rrweb = await peer("rrweb/dist/rrweb.umd.cjs");
  const visit = await stage.visit(
    await pageWith({
      head: '<script src="/rrweb.js"></script>',
      body: `${pastedTag(stage.demo.deskUrl)}<script>
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
  expect((await recorded("")).includes(SECRET)).toBe(true);
});

test("told to block front-desk and to mask what is typed, it learns nothing that is said there", async () => {
  const events = await recorded('blockSelector: "front-desk", maskAllInputs: true');
  expect(events.includes("Somebody's page")).toBe(true);
  for (const said of ["4111", "1042", "Lull"]) expect(events.includes(said), said).toBe(false);
});
