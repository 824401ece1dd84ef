import { PROVIDERS } from "../../conversation/ports/assistant.ts";
import type { LeftOutTool, ModelOutcome } from "../../conversation/ports/model-test.ts";
import type { WatchedAssistant } from "../assistants/watched-assistants.ts";
import { counted, type Finding, first, inWords, named } from "./finding.ts";

type Fault = NonNullable<ModelOutcome["fault"]>;

const FAULTS: Readonly<Partial<Record<Fault["kind"], Pick<Finding, "code" | "severity" | "title">>>> = {
  misconfigured: { code: "model-refused", severity: "broken", title: "The model refuses what it is asked with" },
  unreachable: { code: "model-unreachable", severity: "broken", title: "The model cannot be reached" },
  "rate-limited": { code: "model-busy", severity: "risky", title: "The model takes no more requests for now" },
  overloaded: { code: "model-busy", severity: "risky", title: "The model takes no more requests for now" },
  broken: { code: "model-breaks-off", severity: "risky", title: "The model's answer broke off" },
};

/** What is wrong with an assistant's model, from its settings and from how it answered last. */
export function modelFindings(
  { key: assistant, model }: WatchedAssistant,
  outcome: ModelOutcome | undefined,
  { servers, leftOut }: { readonly servers: number; readonly leftOut: readonly LeftOutTool[] },
): Finding[] {
  const link = { kind: "model", assistant } as const;
  const name = `${model.provider}/${model.model}`;
  if (PROVIDERS[model.provider].needsKey && model.baseUrl === undefined && (model.apiKey ?? "").trim() === "")
    return [
      {
        code: "model-key-missing",
        severity: "broken",
        title: "The model has no key",
        detail: `${name} wants an API key, and there is none that can be opened. Set it again.`,
        link,
        about: { name },
      },
    ];
  const findings: Finding[] = [];
  const fault = outcome?.fault === undefined ? undefined : FAULTS[outcome.fault.kind];
  if (fault !== undefined && outcome?.fault !== undefined)
    findings.push({
      ...fault,
      detail: `${name}: ${outcome.fault.cause}`,
      since: outcome.at,
      link,
      about: { name, said: outcome.fault.cause },
    });
  if (outcome === undefined)
    findings.push({
      code: "model-not-tried",
      severity: "hint",
      title: "The model was not checked since the server started",
      detail: `Nobody has asked ${name} since then, so it is not known whether it answers. Check it now.`,
      link,
      about: { name },
    });
  if (outcome?.withoutTools === true && servers > 0)
    findings.push({
      code: "model-without-tools",
      severity: "risky",
      title: "The model cannot use tools",
      detail: `${name} answers, but a test found that it calls no tools. The assistant has ${counted(servers, "server")} of them.`,
      since: outcome.at,
      link,
      about: { name, count: servers },
    });
  if (leftOut.length > 0) findings.push(leftOutFinding(leftOut, { assistant, name }));
  return findings;
}

function leftOutFinding(leftOut: readonly LeftOutTool[], { assistant, name }: { assistant: string; name: string }): Finding {
  const tools = leftOut.map(({ tool }) => tool);
  return {
    code: "tools-refused-by-model",
    severity: "risky",
    title: `The model's provider refuses ${counted(tools.length, "tool")}`,
    detail: `The model never sees ${inWords(tools)}. ${name} says: ${leftOut[0]?.reason ?? ""}`,
    link: { kind: "model", assistant, tools: first(tools) },
    about: named(tools, { name, said: leftOut[0]?.reason ?? "" }),
  };
}
