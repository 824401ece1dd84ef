import { css } from "lit";

/** What a sign-in has beyond other cards. */
export const connectStyles = css`
  .scopes {
    margin-block-start: 4px;
    padding-inline-start: 20px;
    list-style: disc;
  }
  .scopes li {
    overflow-wrap: anywhere;
  }
  .scopes li::marker {
    color: var(--fd-muted);
  }
  .news-of {
    border-radius: 10px;
    padding: 8px 12px;
    background: var(--fd-raised);
    font-size: 14px;
  }
`;
