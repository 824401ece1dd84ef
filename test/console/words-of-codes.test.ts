/** Every code that the server says something by has its sentence in the German console. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { ERRORS } from "../../protocol/errors.ts";
import { MODEL_ADVICE_CODES } from "../../server/conversation/ports/model-advice.ts";
import { FAULT_CODES } from "../../server/foundation/fault-codes.ts";
import { ACTIONS } from "../../server/identity/staff/actions.ts";
import { suspensionSchema } from "../../server/setup/assistants/connector-record.ts";
import { voiceRecordSchema } from "../../server/setup/assistants/voice-record.ts";
import { sightingsSchema } from "../../server/setup/health/assistant-pages.ts";
import { FINDING_CODES } from "../../server/setup/health/finding.ts";
import { PROBE_ADVICE_CODES } from "../../server/tools/probe/probe-advice.ts";
import { PROBE_REASONS } from "../../server/tools/probe/prober.ts";

const OWN = "The server's own words.";
const ABOUT = { name: "Orders", count: 3, names: ["a", "b", "c"], days: 9, reason: "share-ended", adviceCode: "bad-port", said: "Nobody." };
const TEST = { advice: [OWN], exchanges: [{ firstByteMs: 12_000 }], learnt: { leftOutTools: [{}, {}] } };

test("German has one word for the approval of a call, in the console, the widget and what is sent", async () => {
  const files = execFileSync("git", ["ls-files", "console", "widget/words", "server/notices", "demo/model"], { encoding: "utf8" });
  const others = files
    .trim()
    .split("\n")
    .filter((file) => file.endsWith(".ts") && existsSync(file) && /genehmig|zustimm|zugestimmt/i.test(readFileSync(file, "utf8")));
  expect(others).toEqual([]);
});

const VERBS: Readonly<Record<string, readonly string[]>> = {
  "endpoint-token": ["create", "rotate", "revoke"],
  "http-tool": ["create", "update", "delete", "call", "try"],
  "mcp-server": ["create", "update", "delete", "test", "try", "share"],
  "published-server": ["create", "update", "delete"],
  "server-tool": ["enable", "disable", "accept", "call", "try", "changed", "added", "gone"],
};

/** Every action that the server writes into its audit log: as its source has them, and those that it puts together. */
function auditActions(): readonly string[] {
  const wholes = [/\baction: "([a-z-]+\.[a-z-]+)"/g, /\baudited\(staff, "([a-z-]+\.[a-z-]+)"/g];
  const files = execFileSync("git", ["ls-files", "server", ":!server/http"], { encoding: "utf8" }).trim().split("\n");
  const sources = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  const found = sources.flatMap((source) => wholes.flatMap((whole) => [...source.matchAll(whole)].map(([, action]) => action!)));
  const joined = sources.flatMap((source) => [...source.matchAll(/\baction: `([a-z-]+)\.\$\{/g)].map(([, kind]) => kind!));
  expect(Object.keys(VERBS)).toEqual([...new Set(joined)].toSorted());
  const written = found.filter((action) => !Object.hasOwn(ACTIONS, action));
  return [...new Set([...written, ...Object.entries(VERBS).flatMap(([kind, verbs]) => verbs.map((verb) => `${kind}.${verb}`))])];
}

/** The fields of calls, as the audit log names them. */
function voicePaths(shape: unknown, path = ""): readonly string[] {
  const { properties } = shape as { readonly properties?: Readonly<Record<string, unknown>> };
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([name, inner]) => voicePaths(inner, `${path}/${name}`));
}

type Say = (code: string) => string;

/** The console's words are made for a page: here is one that is German. */
async function german(): Promise<Readonly<Record<string, { readonly codes: readonly string[]; readonly say: Say }>>> {
  vi.stubGlobal("document", { documentElement: { lang: "de" } });
  vi.resetModules();
  const [problems, advice, findings, models, { saidBy }, { sentenceOf }] = await Promise.all([
    import("../../console/foundation/problem-words.ts"),
    import("../../console/parts/advice-words.ts"),
    import("../../console/parts/finding-words.ts"),
    import("../../console/screens/assistants/model-advice-words.ts"),
    import("../../console/foundation/words.ts"),
    import("../../console/screens/audit-log/sentence.ts"),
  ]);
  const entry = { by: { kind: "person", name: "Ada" }, target: { kind: "assistant", id: "Töpfe" }, after: { tools: ["Suche"] } };
  const finding = (code: string) => findings.findingSaid({ code, title: OWN, detail: OWN, about: ABOUT } as never);
  return {
    problems: { codes: Object.keys(ERRORS), say: (code) => saidBy(problems.GERMAN_PROBLEMS, code, OWN, undefined) },
    faults: { codes: FAULT_CODES, say: (code) => saidBy(problems.GERMAN_FAULTS, code, OWN, 5) },
    reasons: { codes: PROBE_REASONS, say: (code) => advice.reasonSaid(code, OWN) },
    advice: { codes: PROBE_ADVICE_CODES, say: (code) => advice.adviceOn({ advice: OWN, adviceCode: code } as never) },
    titles: { codes: FINDING_CODES, say: (code) => finding(code).title },
    details: { codes: FINDING_CODES, say: (code) => finding(code).detail },
    suspensions: {
      codes: suspensionSchema.shape.reason.options,
      say: (code) => findings.suspensionSaid({ reason: code, message: OWN } as never),
    },
    refusals: {
      codes: sightingsSchema.shape.refused.element.shape.reason.options,
      say: (code) =>
        findings.refusalSaid({ reason: code, detail: OWN, origin: "https://a.example", asked: "shpo", certain: false } as never),
    },
    actions: {
      codes: auditActions(),
      // What is not known is said by its code.
      say: (code) =>
        sentenceOf({ ...entry, action: code } as never) === `Ada: ${code} Töpfe` ? OWN : sentenceOf({ ...entry, action: code } as never),
    },
    models: { codes: MODEL_ADVICE_CODES, say: (code) => models.modelAdvice({ ...TEST, adviceCodes: [code] } as never)[0] ?? "" },
  };
}

let kinds: Awaited<ReturnType<typeof german>>;
beforeAll(async () => {
  kinds = await german();
});

describe("in German", () => {
  test.each(["problems", "faults", "reasons", "advice", "titles", "details", "suspensions", "refusals", "models", "actions"])(
    "each code of %s is said",
    (name) => {
      const { codes, say } = kinds[name]!;
      expect(codes.length).toBeGreaterThan(1);
      for (const code of codes) {
        const sentence = say(code);
        expect(sentence, code).not.toContain(OWN);
        expect(sentence, code).not.toMatch(/undefined|\bnull\b|NaN|\[object|\b(?:the|is not|your)\b|!/);
        expect(sentence.length, code).toBeGreaterThan(8);
      }
    },
  );

  test.each(["problems", "faults", "reasons", "advice", "titles", "details", "suspensions", "refusals", "models", "actions"])(
    "a code of %s that is not known, such as a newer server's, leaves the server's own words",
    (name) => {
      for (const code of ["from-tomorrow", "constructor", ""]) expect(kinds[name]!.say(code)).toBe(OWN);
    },
  );

  test("each field of what an assistant hears and speaks with has a name in the audit log", async () => {
    const { labelOf } = await import("../../console/screens/audit-log/audit-field-words.ts");
    const paths = voicePaths(z.toJSONSchema(voiceRecordSchema));
    expect(paths).toContain("/turns/endMs");
    expect(paths.filter((path) => labelOf(path).startsWith(path.slice(1).replaceAll("/", " › ")))).toEqual([]);
  });
});
