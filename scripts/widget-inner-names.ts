/**
 * Names of properties that never leave their file: Terser makes them short. The objects that have them are made and read
 * in that file alone, and no object of the browser, of JSON or of another file has a property of such a name there.
 */
const INNER_NAMES: Readonly<Record<string, RegExp>> = {
  // engine.io-client's own; those that begin with an underscore are private by its convention, `_$` is Lit's. Then what
  // the thread and its session keep to themselves.
  frontdesk:
    /^_(?!\$)|^(?:addTrailingSlash|clearTimeoutFn|createTransport|createUri|doWrite|emitReserved|priorWebsocketSuccess|removeAllListeners|setTimeoutFn|setTransport|timestampParam|transportOptions|tryAllTransports|upgrading|writeBuffer|clockOffsetMs|cuts|firstSeq|heardSeq|isInCall|isSpoken|keepConversation|keepDraft|keepSeen|keepUnread|ledger|memory|nextFrame|noConversation|openLine|outboxPrefix|receivedAt|sharedConversationId|shelves|surroundings|textMissed|wasInCall|wasOpen)$/,
  // What the pasted script reads of its tag.
  embed: /^(?:address|attributes)$/,
  // Blocks and inlines, what is drawn of them, and the line that is read.
  "markdown-parts":
    /^(?:bare|begin|blank|children|closes|depth|done|draw|escapedAt|final|finish|from|indent|info|inline|inlines|isLikely|isOpen|kind|label|last|left|loose|mark|miss|nodes|openAt|opens|parse|place|redraw|references|rest|root|settledAt|skip|take|takeQuoteMark|target|whole)$/,
};

/** The names that are short in the file of this name; undefined if all stay. */
export function innerNames(file: string): RegExp | undefined {
  return INNER_NAMES[file];
}
