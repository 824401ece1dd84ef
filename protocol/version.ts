/**
 * The version of the customer line. It grows when a change would mislead an older peer; a new event, frame or field
 * does not: readers skip event types they do not know, and `older-peer` behaviour is written down in `events.ts` and
 * `frames.ts`.
 */
export const PROTOCOL_VERSION = 1;

/** Versions that this server still answers. */
export const SUPPORTED_VERSIONS: readonly number[] = [1];
