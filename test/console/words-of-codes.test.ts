/** Every code that the server says something by has its sentence in the German console. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { ERRORS } from "../../protocol/errors.ts";
import { MODEL_ADVICE_CODES } from "../../server/conversation/ports/model-advice.ts";
import { FAULT_CODES } from "../../server/foundation/fault-codes.ts";
import { suspensionSchema } from "../../server/setup/assistants/connector-record.ts";
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

type Say = (code: string) => string;

/** The console's words are made for a page: here is one that is German. */
async function german(): Promise<Readonly<Record<string, { readonly codes: readonly string[]; readonly say: Say }>>> {
  vi.stubGlobal("document", { documentElement: { lang: "de" } });
  vi.resetModules();
  const [problems, advice, findings, models, { saidBy }] = await Promise.all([
    import("../../console/foundation/problem-words.ts"),
    import("../../console/parts/advice-words.ts"),
    import("../../console/parts/finding-words.ts"),
    import("../../console/screens/assistants/model-advice-words.ts"),
    import("../../console/foundation/words.ts"),
  ]);
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
    models: { codes: MODEL_ADVICE_CODES, say: (code) => models.modelAdvice({ ...TEST, adviceCodes: [code] } as never)[0] ?? "" },
  };
}

let kinds: Awaited<ReturnType<typeof german>>;
beforeAll(async () => {
  kinds = await german();
});

describe("in German", () => {
  test.each(["problems", "faults", "reasons", "advice", "titles", "details", "suspensions", "refusals", "models"])(
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

  test.each(["problems", "faults", "reasons", "advice", "titles", "details", "suspensions", "refusals", "models"])(
    "a code of %s that is not known, such as a newer server's, leaves the server's own words",
    (name) => {
      for (const code of ["from-tomorrow", "constructor", ""]) expect(kinds[name]!.say(code)).toBe(OWN);
    },
  );
});
