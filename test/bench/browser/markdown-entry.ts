/**
 * Runs inside the page, as the global `bench`: one answer streamed into one renderer, and what the reader noticed of
 * it.
 */
import { default_renderer, parser, parser_end, parser_write } from "streaming-markdown";
import { MarkdownView } from "../../../widget/elements/markdown/markdown-view.ts";
import * as markdownElements from "../../../widget/elements/markdown/markdown-elements.ts";
import { markdownStyles } from "../../../widget/elements/markdown/markdown.styles.ts";

/** Who draws: our view, or a plain parser with the least that drawing can cost. */
export type Renderer = "ours" | "floor";

/** What a reader notices, beside the main thread's time that is measured from outside. */
export interface Noticed {
  /** From the last token until the frame with the last word was on its way to the screen. */
  readonly lagMs: number;
  readonly longestTaskMs: number;
  readonly droppedFrames: number;
  readonly frames: number;
}

interface Sink {
  write(delta: string): void;
  end(): void;
}

const FRAME_MS = 1000 / 60;
const LAST_WORD = "lastword";
/** What the panel gives to what is drawn in it. */
const PANEL = `:root { --fd-text: #15171a; --fd-muted: #565a61; --fd-line: #e2e3e6; --fd-accent: #2456d6; --fd-surface: #fff; --fd-code-surface: #f6f6f7; }
  button { margin: 0; border: 1px solid transparent; background: none; font: inherit; }`;

function ours(root: HTMLElement): Sink {
  const words = { copy: "Copy", copied: "Copied", code: "Code", table: "Table", showImage: (host: string) => host };
  const panel = new CSSStyleSheet();
  panel.replaceSync(PANEL);
  document.adoptedStyleSheets.push(panel);
  if (markdownStyles.styleSheet) document.adoptedStyleSheets.push(markdownStyles.styleSheet);
  return new MarkdownView(root, { words, elements: markdownElements });
}

function floor(root: HTMLElement): Sink {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".done { content-visibility: auto; contain-intrinsic-block-size: auto 48px; } pre { overflow-x: auto; }");
  document.adoptedStyleSheets.push(sheet);
  const state = parser(default_renderer(root));
  let waiting = "";
  let finished = 0;
  let isScheduled = false;
  const draw = (): void => {
    isScheduled = false;
    parser_write(state, waiting);
    waiting = "";
    for (; finished < root.children.length - 1; finished += 1) root.children[finished]?.classList.add("done");
  };
  return {
    write(delta) {
      waiting += delta;
      if (!isScheduled) requestAnimationFrame(draw);
      isScheduled = true;
    },
    end() {
      draw();
      parser_end(state);
    },
  };
}

/** Streams the tokens at a steady rate while the view follows the end, as a reader's does. */
export async function streamAnswer(renderer: Renderer, tokens: readonly string[], perSecond: number): Promise<Noticed> {
  const scroller = document.createElement("main");
  scroller.style.cssText = "block-size: 600px; inline-size: 380px; overflow-y: auto; font: 15px/1.5 sans-serif";
  const root = scroller.appendChild(document.createElement("div"));
  document.body.append(scroller);
  const sink = renderer === "ours" ? ours(root) : floor(root);

  let longestTaskMs = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, entry.duration);
  }).observe({ type: "longtask" });

  let droppedFrames = 0;
  let frames = 0;
  let isStreaming = true;
  let lastFrame = 0;
  const follow = (now: number): void => {
    frames += 1;
    scroller.scrollTop = 1e9;
    if (lastFrame) droppedFrames += Math.max(0, Math.round((now - lastFrame) / FRAME_MS) - 1);
    lastFrame = now;
    if (isStreaming) requestAnimationFrame(follow);
  };
  requestAnimationFrame(follow);

  await new Promise<void>((resolve) => {
    const start = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(tokens.length, Math.floor(((performance.now() - start) * perSecond) / 1000));
      for (; sent < due; sent += 1) sink.write(tokens[sent] ?? "");
      if (sent < tokens.length) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  const last = performance.now();
  sink.write(` ${LAST_WORD}`);
  sink.end();
  isStreaming = false;
  // The floor may: its parser waits for ever for the bracket of a link that the end cut.
  if (renderer === "ours" && !root.textContent.includes(LAST_WORD)) throw new Error("The end of the answer was not drawn.");
  const lagMs = await new Promise<number>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now() - last);
    // A message posted in a frame arrives when its layout and paint are done.
    requestAnimationFrame(() => port2.postMessage(undefined));
  });
  return { lagMs, longestTaskMs, droppedFrames, frames };
}
