/** What a decided card says, "Approved by Mira at 9:59": `name` is absent when the customer decided. */
export type DecidedWords = (name: string | undefined, time: string) => string;
