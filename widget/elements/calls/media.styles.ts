import { css } from "lit";

/** Pictures and sounds of a tool, in a place that is kept before they come. */
export const mediaStyles = css`
  .frame {
    aspect-ratio: 4 / 3;
    inline-size: min(100%, 280px);
    margin-block: 4px;
    border-radius: 10px;
    background: var(--fd-raised);
    overflow: hidden;
  }
  .frame.sound {
    aspect-ratio: auto;
    block-size: 54px;
  }
  .frame img {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }
  audio {
    display: block;
    inline-size: min(100%, 280px);
    margin-block: 4px;
  }
`;
