import type { IncomingMessage } from "node:http";
import { pointerTo } from "../documents/merge-patch.ts";
import { ProblemError } from "./problem.ts";

/** Deeper than anything that is sent here, and shallow enough to be read recursively. */
const DEEPEST = 64;

/**
 * The JSON body of a request. Throws a problem for another content type, broken UTF-8 or JSON, more than
 * `maximumBytes`, more than 64 levels, and keys named `__proto__`, which nothing here has and which some code would
 * take for something else. Where a key comes twice, the last one counts.
 */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<unknown> {
  if (!isJson(request.headers["content-type"], request.headers["content-encoding"])) throw new ProblemError("unsupported-media");
  const text = await readText(request, maximumBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError("bad-request", { detail: `The body is not JSON: ${positionOnly(error)}` });
  }
  refuseTraps(value);
  return value;
}

function isJson(type: string | undefined, encoding: string | undefined): boolean {
  if (encoding !== undefined && encoding !== "identity") return false;
  return /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type?.trim() ?? "");
}

async function readText(request: IncomingMessage, maximumBytes: number): Promise<string> {
  const tooLarge = (): ProblemError =>
    new ProblemError("too-large", { detail: `The body may have at most ${maximumBytes} bytes.`, headers: { Connection: "close" } });
  if (Number(request.headers["content-length"] ?? 0) > maximumBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ProblemError("bad-request", { detail: "The body is not UTF-8." });
  }
}

/** Node's message quotes the text, in which there may be a password. */
function positionOnly(error: unknown): string {
  const position = error instanceof Error ? /position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined;
  return position === undefined ? "it ends too early, or something in it is unexpected." : `something unexpected at ${position}.`;
}

/** Throws a problem for more than 64 levels and for keys named `__proto__`. */
export function refuseTraps(root: unknown): void {
  const waiting: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: root, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value !== "object" || value === null) continue;
    if (path.length >= DEEPEST) throw new ProblemError("bad-request", { detail: `The body is nested deeper than ${DEEPEST} levels.` });
    for (const [key, child] of Object.entries(value)) {
      if (key === "__proto__")
        throw new ProblemError("bad-request", {
          detail: `The body has a key named __proto__ in "${pointerTo(path)}", which is not accepted.`,
        });
      waiting.push({ value: child, path: [...path, key] });
    }
  }
}
