import { css } from "lit";

/** The line about a running tool. */
export const callPartStyles = css`
  pre {
    max-block-size: 320px;
    border-radius: 8px;
    padding: 10px 12px;
    background: var(--fd-raised);
    font:
      13px / 1.5 ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      monospace;
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    text-align: start;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .activity {
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .activity progress {
    display: block;
    inline-size: min(100%, 200px);
    block-size: 2px;
    margin-block-start: 6px;
    border: 0;
    border-radius: 1px;
    appearance: none;
    background: var(--fd-line);
    color: var(--fd-accent);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: var(--fd-accent);
  }
  progress::-moz-progress-bar {
    background: var(--fd-accent);
  }
  progress:indeterminate {
    position: relative;
  }
  progress:indeterminate::-moz-progress-bar {
    background: none;
  }
  progress:indeterminate::after {
    content: "";
    position: absolute;
    inset: 0 70% 0 0;
    background: var(--fd-accent);
    animation: pass 1.4s ease-in-out infinite;
  }
  @keyframes pass {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(334%);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    progress:indeterminate::after {
      animation: none;
    }
  }
`;
