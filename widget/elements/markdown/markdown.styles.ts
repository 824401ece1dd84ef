import { css } from "lit";

/**
 * How rendered Markdown looks, in the colours of `colourStyles`. Code and tables that are wider than their place scroll
 * in it: a shadow stands at its edge, and what is at the end of the content covers the shadow there.
 */
export const markdownStyles = css`
  .fd-markdown {
    overflow-wrap: anywhere;
  }
  .fd-markdown :where(p, h3, h4, h5, h6, ul, ol, li, blockquote, pre, hr, table) {
    margin: 0;
    padding: 0;
    /* A block has its own direction, and is aligned by it. */
    text-align: start;
    unicode-bidi: isolate;
  }
  /* A line of text must not be too long to read; a table or code may be as wide as there is room. */
  .fd-part > :not(.fd-table, .fd-code) {
    max-inline-size: 510px;
  }
  .fd-part > *,
  .fd-markdown blockquote > * + * {
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
  .fd-markdown li + li,
  .fd-markdown li > * + * {
    margin-block-start: 8px;
  }
  .fd-markdown .fd-tight > li + li,
  .fd-markdown .fd-tight > li > :is(ul, ol) {
    margin-block-start: 4px;
  }
  .fd-markdown li::marker {
    color: var(--fd-muted);
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
    color: var(--fd-accent);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }
  .fd-markdown a[href]:hover {
    text-decoration-thickness: 2px;
  }
  .fd-markdown blockquote {
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--fd-line);
    color: var(--fd-muted);
  }
  .fd-markdown hr {
    border: 0;
    border-block-start: 1px solid var(--fd-line);
  }
  .fd-markdown code {
    border-radius: 4px;
    padding: 1px 4px;
    background: var(--fd-code-surface);
    font:
      0.87em / 1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      monospace;
  }
  .fd-code,
  .fd-table {
    border: 1px solid var(--fd-line);
    border-radius: 8px;
  }
  .fd-code {
    --fd-surface: var(--fd-code-surface);
    background: var(--fd-surface);
  }
  .fd-code-bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 4px 4px 0 12px;
    color: var(--fd-muted);
    font-size: 13px;
    -webkit-user-select: none;
    user-select: none;
  }
  .fd-code pre,
  .fd-table {
    --edge: color-mix(in srgb, var(--fd-text) 20%, #0000);
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
    background:
      linear-gradient(90deg, var(--fd-surface) 16px, #0000 32px calc(100% - 32px), var(--fd-surface) calc(100% - 16px)) local,
      linear-gradient(90deg, var(--edge), #0000 12px calc(100% - 12px), var(--edge)) var(--fd-surface);
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
    border-radius: 6px;
    padding: 3px 8px;
    color: var(--fd-muted);
    font-size: 13px;
  }
  .fd-markdown .fd-show-image {
    border-color: var(--fd-line);
    color: var(--fd-text);
  }
  .fd-markdown button:hover {
    background: var(--fd-code-surface);
    color: var(--fd-text);
  }
  .fd-markdown :focus-visible {
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
    color: var(--fd-muted);
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  .fd-markdown tbody tr {
    border-block-start: 1px solid var(--fd-line);
  }
  .fd-markdown img {
    display: block;
    max-inline-size: 100%;
    block-size: auto;
    border-radius: 8px;
  }
  @media (forced-colors: active) {
    .fd-code pre,
    .fd-table {
      --fd-surface: Canvas;
      --edge: GrayText;
      border-color: CanvasText;
      forced-color-adjust: none;
    }
    :is(.fd-code pre, .fd-table) > * {
      forced-color-adjust: auto;
    }
  }
`;
