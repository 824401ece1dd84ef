import type { FrontDeskAnswer } from "./answer.ts";

const DROPPED = "button, svg, progress, input, select, textarea, .fd-code-bar, [hidden]";
/** What stays; of everything else only what is in it does. */
const KEPT =
  "p, h3, h4, h5, h6, ul, ol, li, blockquote, hr, pre, code, table, thead, tbody, tr, th, td, em, strong, s, a, img, br, dl, dt, dd";
/** A part of one of these means nothing without it. */
const FRAMES = "pre, code, em, strong, s, a, ul, ol, table, thead, tbody, tr";

/**
 * Answers a `copy` event of the thread with plain text and clean HTML: no buttons, no classes of ours. Whole
 * answers alone are copied as their Markdown. Where the browser does not say what is selected inside shadow roots, and for what is
 * selected in a field or beyond the thread, it copies on its own.
 */
export function copySelection(event: Event): void {
  const { clipboardData, currentTarget: root, target } = event as ClipboardEvent;
  if (!(root instanceof ShadowRoot) || (target instanceof Element && target.matches("input, textarea"))) return;
  const selection = document.getSelection();
  const range = selection && selectedIn(root, selection);
  if (!range || clipboardData === null) return;
  const answers = [...root.querySelectorAll<FrontDeskAnswer>("front-desk-answer")].filter((answer) => textIn(range, answer) !== "");
  if (answers.length === 0) return;
  // All of their text, and no other: neither a message nor a card between them.
  const isWhole = textOf(range.cloneContents()) === answers.map((answer) => textOf(answer.cloneNode(true))).join("");
  const copied = document.createElement("div");
  copied.append(...(isWhole ? answers.map((answer) => answer.cloneNode(true)) : [framed(range)]));
  clean(copied);
  const text = isWhole ? answers.map(({ source }) => source).join("\n\n") : selection.toString();
  clipboardData.setData("text/html", copied.innerHTML);
  clipboardData.setData("text/plain", text);
  event.preventDefault();
}

/** The selection, if both its ends are in this root. */
function selectedIn(root: ShadowRoot, selection: Selection): Range | undefined {
  let found: StaticRange | undefined;
  try {
    found = selection.getComposedRanges({ shadowRoots: [root] })[0];
  } catch {
    // An older browser, which has no such method or takes other arguments.
  }
  if (found?.startContainer.getRootNode() !== root || found.endContainer.getRootNode() !== root) return undefined;
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range;
}

/** What of the element's text is in the range. */
function textIn(range: Range, element: Element): string {
  if (!range.intersectsNode(element)) return "";
  const part = document.createRange();
  part.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return textOf(part.cloneContents());
}

/** What is seen of it, without its spaces. */
function textOf(copied: Node): string {
  drop(copied, `${DROPPED}, .unseen`);
  return copied.textContent?.replace(/\s+/g, "") ?? "";
}

function drop(copied: Node, selector: string): void {
  for (const dropped of (copied as ParentNode).querySelectorAll(selector)) dropped.remove();
}

/** A copy of what is in the range, within what gives it its meaning: code in its block, an item in its list. */
function framed(range: Range): Node {
  let copied: Node = range.cloneContents();
  const { commonAncestorContainer: common } = range;
  for (let at = common instanceof Element ? common : common.parentElement; at?.matches(FRAMES); at = at.parentElement) {
    const frame = at.cloneNode();
    frame.appendChild(copied);
    copied = frame;
  }
  return copied;
}

function isKept(name: string, value: string): boolean {
  return /^(href|src|alt|start)$/.test(name) || (name === "class" && value.startsWith("language-")) || (name === "dir" && value === "rtl");
}

function clean(copied: Element): void {
  drop(copied, DROPPED);
  const comments = document.createNodeIterator(copied, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) (comments.referenceNode as Comment).remove();
  for (const paragraph of copied.querySelectorAll(".fd-tight > li > p")) paragraph.replaceWith(...paragraph.childNodes);
  for (const element of copied.querySelectorAll("*")) {
    if (!element.matches(KEPT)) element.replaceWith(...element.childNodes);
    for (const name of element.getAttributeNames()) if (!isKept(name, element.getAttribute(name)!)) element.removeAttribute(name);
  }
}
