/** The words that rendered Markdown shows of its own accord, in the reader's language. */
export interface MarkdownWords {
  /** Label of the button that copies a code block. */
  readonly copy: string;
  /** The same button for two seconds after it copied. */
  readonly copied: string;
  /** Name of a code block for people who cannot see it. */
  readonly code: string;
  /** Name of a table's scrolling region for people who cannot see it. */
  readonly table: string;
  /** Label of the button that loads an image from another origin; `host` as in "images.example". */
  readonly showImage: (host: string) => string;
}
