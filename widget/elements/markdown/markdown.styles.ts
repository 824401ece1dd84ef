import { css } from "lit";

/**
 * How rendered Markdown looks. The element that embeds it may set `--fd-accent`, `--fd-text`, `--fd-muted`,
 * `--fd-line`, `--fd-surface` and `--fd-code-surface`; without them it follows the page's colour scheme.
 */
export const markdownStyles = css`
  .fd-markdown {
    --text: var(--fd-text, CanvasText);
    --muted: var(--fd-muted, color-mix(in srgb, var(--text) 68%, var(--fd-surface, Canvas)));
    --line: var(--fd-line, color-mix(in srgb, var(--text) 16%, transparent));
    --code: var(--fd-code-surface, color-mix(in srgb, var(--text) 5%, transparent));
    color: var(--text);
    font-size: 15px;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .fd-markdown :where(p, h3, h4, h5, h6, ul, ol, li, blockquote, pre, hr, table) {
    margin: 0;
    padding: 0;
  }
  /* A line of text must not be too long to read; a table or code may be as wide as there is room. */
  .fd-part > :not(.fd-table, .fd-code) {
    max-inline-size: 510px;
  }
  .fd-part > *,
  .fd-markdown blockquote > * + *,
  .fd-markdown li > :is(.fd-code, .fd-table, blockquote) {
    margin-block-start: 12px;
  }
  .fd-done {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 480px;
  }
  .fd-markdown :is(h3, h4, h5, h6) {
    font-size: 15px;
    font-weight: 600;
    line-height: 1.4;
    text-wrap: balance;
  }
  .fd-markdown h3 {
    font-size: 18px;
  }
  .fd-markdown h4 {
    font-size: 16px;
  }
  .fd-part > :is(h3, h4) {
    margin-block-start: 20px;
  }
  .fd-part > :is(h3, h4, h5, h6) + * {
    margin-block-start: 4px;
  }
  .fd-part:first-child > :first-child {
    margin-block-start: 0;
  }
  .fd-markdown :is(ul, ol) {
    padding-inline-start: 24px;
  }
  .fd-markdown li > :is(ul, ol),
  .fd-markdown li + li {
    margin-block-start: 4px;
  }
  .fd-markdown li::marker {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }
  .fd-markdown .fd-task {
    list-style: none;
    margin-inline-start: -20px;
  }
  .fd-markdown strong {
    font-weight: 600;
  }
  .fd-markdown a[href] {
    color: var(--fd-accent, LinkText);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }
  .fd-markdown a[href]:hover {
    text-decoration-thickness: 2px;
  }
  .fd-markdown blockquote {
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--line);
    color: var(--muted);
  }
  .fd-markdown hr {
    border: 0;
    border-block-start: 1px solid var(--line);
  }
  .fd-markdown code {
    border-radius: 4px;
    padding: 1px 4px;
    background: var(--code);
    font:
      0.87em / 1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      monospace;
  }
  .fd-code,
  .fd-table {
    border: 1px solid var(--line);
    border-radius: 8px;
  }
  .fd-code {
    background: var(--code);
  }
  .fd-code-bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 4px 4px 0 12px;
    color: var(--muted);
    font-size: 13px;
    -webkit-user-select: none;
    user-select: none;
  }
  .fd-code pre,
  .fd-table {
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
  }
  .fd-code pre {
    padding: 4px 12px 12px;
    border-radius: 8px;
    font-size: 13px;
  }
  .fd-markdown pre code {
    padding: 0;
    background: none;
    font-size: inherit;
    overflow-wrap: normal;
    white-space: pre;
  }
  .fd-markdown button {
    margin: 0;
    border: 1px solid transparent;
    border-radius: 6px;
    padding: 3px 8px;
    background: none;
    color: var(--muted);
    font: inherit;
    font-size: 13px;
    cursor: pointer;
  }
  .fd-markdown .fd-show-image {
    border-color: var(--line);
    color: var(--text);
  }
  .fd-markdown button:hover {
    background: var(--code);
    color: var(--text);
  }
  .fd-markdown :focus-visible {
    outline: 2px solid var(--fd-accent, Highlight);
    outline-offset: -2px;
  }
  .fd-markdown table {
    border-collapse: collapse;
    inline-size: max-content;
    min-inline-size: 100%;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  .fd-markdown :is(th, td) {
    max-inline-size: 240px;
    padding: 6px 12px;
    overflow-wrap: break-word;
    text-align: start;
    vertical-align: top;
  }
  .fd-markdown .fd-number {
    text-align: end;
    white-space: nowrap;
  }
  .fd-markdown th {
    color: var(--muted);
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  .fd-markdown tbody tr {
    border-block-start: 1px solid var(--line);
  }
  .fd-markdown img {
    display: block;
    max-inline-size: 100%;
    block-size: auto;
    border-radius: 8px;
  }
`;
