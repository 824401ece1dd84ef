/**
 * Questions of a server of revision 2026-07-28, made with the official package: it keeps nothing between asking and
 * hearing the answer, and neither does ours.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ModernContext, type ModernServer, modernServer } from "../support/mcp-modern-server.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

let stage: Stage;
let model: ScriptedModel;
let tables: ModernServer;
let booked = 0;

beforeAll(async () => {
  tables = await modernServer((server, schema) => {
    server.registerTool("book_table", { inputSchema: schema({ type: "object" }) }, (_: object, { mcpReq }: ModernContext) => {
      const answer = mcpReq.inputResponses?.["table"];
      if (answer === undefined) {
        const guests = { type: "integer", title: "Guests", minimum: 1, maximum: 8 };
        const day = { type: "string", format: "date", title: "Day" };
        const requestedSchema = { type: "object", properties: { guests, day }, required: ["guests", "day"] };
        return {
          resultType: "input_required",
          inputRequests: {
            table: { method: "elicitation/create", params: { mode: "form", message: "For how many, and when?", requestedSchema } },
          },
        };
      }
      if (answer.action !== "accept") return { content: [{ type: "text", text: `no table: ${answer.action}` }] };
      booked += 1;
      return {
        content: [{ type: "text", text: `a table for ${String(answer.content?.["guests"])} on ${String(answer.content?.["day"])}` }],
      };
    });
  });
  model = await startScriptedModel((_question, step, lastResult) =>
    step === 0 ? { pieces: [], calls: [{ tool: "book_table", arguments: {} }] } : { pieces: [`You have ${lastResult}.`], calls: [] },
  );
  stage = await openStage({
    environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "script" },
    assistant: { connectors: { tables: { permissions: { "*": "always_allow" } } } },
    configure: (configuration) => ({ ...configuration, mcpServers: { tables: { name: "Tables", url: tables.url } } }),
  });
});
afterEach(async ({ task }) => expect(await stage.endVisits(task)).toEqual([]));
afterAll(async () => {
  await stage?.close();
  await Promise.all([model?.close(), tables?.close()]);
});

async function ask(): Promise<Visit> {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.ask("A table, please");
  await visit.log.getByText("For how many, and when?").waitFor();
  return visit;
}

async function fill(visit: Visit, guests: string): Promise<void> {
  await visit.log
    .getByRole("spinbutton", { name: "Guests" })
    .or(visit.log.getByRole("textbox", { name: "Guests" }))
    .fill(guests);
  await visit.log.getByLabel("Day").fill("2026-12-24");
  await visit.log.getByRole("button", { name: "Submit" }).click();
}

test("a form waits through a kill of the server and a reload, and its answer goes on with the call, once", async () => {
  const visit = await ask();
  await stage.demo.restartServer("SIGKILL");
  await visit.page.reload();
  const other = await stage.secondTab(visit);
  await other.openPanel();
  await other.log.getByText("For how many, and when?").waitFor();
  await fill(visit, "9");
  await visit.log
    .getByText("Enter 8 or less.")
    .or(visit.log.getByText(/From 1 to 8/))
    .first()
    .waitFor();
  await fill(visit, "4");
  await visit.answered("You have a table for 4 on 2026-12-24.");
  await other.answered("You have a table for 4 on 2026-12-24.");
  expect(booked).toBe(1);
});

test("declined, the server is told, and says so", async () => {
  const visit = await ask();
  await visit.log.getByRole("button", { name: "Decline" }).click();
  await visit.answered("You have no table: decline.");
  expect(booked).toBe(1);
});
