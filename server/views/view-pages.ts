import type { ResourceContents, ToolView } from "../conversation/ports/tools.ts";
import type { Clock } from "../foundation/clock.ts";
import { readViewMeta, type ViewMeta } from "./view-meta.ts";

/** A view's page, as it goes into the sandbox's document. */
export interface ViewPage {
  readonly html: string;
  readonly meta: ViewMeta;
}

/** What the server calls a view is none. The message says why, for the staff. */
export class NoViewPageError extends Error {
  override readonly name = "NoViewPageError";
}

interface Kept {
  readonly page: Promise<ViewPage>;
  readonly until: number;
  bytes: number;
}

/** MCP Apps' one kind of view. */
const TYPE = /^text\/html\s*;\s*profile=(?:mcp-app|"mcp-app")$/i;
const MOST_BYTES = 8 * 1024 * 1024;
/** A view is drawn by two requests: one for what it is given, one for its document. */
const KEPT_MS = 5 * 60_000;
const KEPT_BYTES = 64 * 1024 * 1024;

/** The pages of views, read from their servers and kept for as long as a view takes to be drawn. */
export class ViewPages {
  readonly #clock: Pick<Clock, "now">;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /**
   * What a customer's server shows them may be theirs alone, so `place` names the conversation. Throws
   * `NoViewPageError` or `ResourceError`.
   */
  of(place: string, view: ToolView): Promise<ViewPage> {
    const now = this.#clock.now();
    for (const [key, { until }] of this.#kept) if (until <= now) this.#kept.delete(key);
    const key = `${place} ${view.uri}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known.page;
    const page = view.read(view.uri, new AbortController().signal).then((contents) => pageIn(contents, view.uri));
    const kept: Kept = { page, until: now + KEPT_MS, bytes: 0 };
    this.#kept.set(key, kept);
    page.then(
      ({ html }) => this.#weigh(kept, html.length),
      () => this.#kept.get(key) === kept && this.#kept.delete(key),
    );
    return page;
  }

  /** Lets go of the oldest where all together are too large. */
  #weigh(kept: Kept, bytes: number): void {
    kept.bytes = bytes;
    let sum = 0;
    for (const one of this.#kept.values()) sum += one.bytes;
    for (const [key, one] of this.#kept) {
      if (sum <= KEPT_BYTES) return;
      sum -= one.bytes;
      this.#kept.delete(key);
    }
  }
}

function pageIn(contents: readonly ResourceContents[], uri: string): ViewPage {
  const found = contents.find(({ mimeType }) => TYPE.test(mimeType ?? ""));
  if (found === undefined) {
    const types = contents.map(({ mimeType = "no type" }) => mimeType.slice(0, 80)).join(", ");
    throw new NoViewPageError(`${uri} is not a view: it is ${types === "" ? "empty" : types}, not text/html;profile=mcp-app.`);
  }
  const html = found.text ?? Buffer.from(found.blob ?? "", "base64").toString("utf8");
  if (html.trim() === "") throw new NoViewPageError(`${uri} is empty.`);
  if (Buffer.byteLength(html) > MOST_BYTES) throw new NoViewPageError(`${uri} is larger than ${MOST_BYTES / 1024 / 1024} MB.`);
  return { html, meta: readViewMeta(found._meta) };
}
