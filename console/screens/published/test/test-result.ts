import { html, nothing, type TemplateResult } from "lit";
import type { TestedPublishedTool } from "../../../api/types.ts";
import { formatDuration } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { icon } from "../../../parts/icon.ts";
import "../../../parts/json-view.ts";
import { status, type Tone } from "../../../parts/status.ts";
import { isObject } from "../../tools/tool/json-schema.ts";
import { contentBlock } from "../../tools/try/try-result.ts";
import { testWords } from "./test-words.ts";

type Outcome = NonNullable<TestedPublishedTool["end"]>["outcome"];

const TONES: Readonly<Record<Outcome, Tone>> = { ok: "good", failed: "bad", refused: "warning", cancelled: "neutral", unknown: "warning" };

/** What came of a test: as a client reads it, and for staff how it ended. */
export function testResult({ request, response, end, durationMs }: TestedPublishedTool): TemplateResult {
  const { content, structured, error } = answerIn(response);
  return html`<h3>${testWords.result}</h3>
    <p>
      ${end === undefined ? status("bad", testWords.notBegun) : status(TONES[end.outcome], testWords.outcomes[end.outcome])}
      <span class="muted">· ${testWords.took(formatDuration(durationMs))}</span>
    </p>
    ${error === undefined ? nothing : html`<p class="reason">${error}</p>`} ${content.map((piece) => contentBlock(piece))}
    ${content.length === 0 && error === undefined ? html`<p class="muted">${testWords.nothing}</p>` : nothing}
    ${
      structured === undefined
        ? nothing
        : html`<h3>${testWords.structured}</h3>
            <desk-json label=${testWords.structured} .value=${structured}></desk-json>`
    }
    ${
      end?.cause === undefined
        ? nothing
        : html`<h3>${testWords.cause}</h3>
            <p class="reason">${end.cause}</p>`
    }
    ${
      end?.conversation === undefined
        ? nothing
        : html`<p>
            <a class="button" href=${router.href(`/inbox/${end.conversation}`)}>${icon("chat")}${testWords.conversation}</a>
          </p>`
    }
    <details class="disclosure">
      <summary>${testWords.raw}</summary>
      <p class="muted">${testWords.rawText}</p>
      <h3>${testWords.request}</h3>
      <desk-json label=${testWords.request} .value=${request}></desk-json>
      <h3>${testWords.response}</h3>
      <desk-json label=${testWords.response} .value=${response}></desk-json>
    </details>`;
}

interface Answer {
  /** As tools' content is drawn elsewhere. */
  readonly content: readonly unknown[];
  readonly structured?: unknown;
  readonly error?: string;
}

function answerIn(response: unknown): Answer {
  const { result, error } = isObject(response) ? response : {};
  if (isObject(error)) return { content: [], error: typeof error["message"] === "string" ? error["message"] : "" };
  const { content, structuredContent } = isObject(result) ? result : {};
  return { content: Array.isArray(content) ? content.map(pieceOf) : [], structured: structuredContent };
}

/** A block of MCP, named as elsewhere in the console. */
function pieceOf(block: unknown): unknown {
  if (!isObject(block)) return block;
  const { type, resource, ...rest } = block;
  if (type === "resource" && isObject(resource)) return { kind: "resource", ...resource };
  return { kind: type === "resource_link" ? "resource-link" : type, ...rest };
}
