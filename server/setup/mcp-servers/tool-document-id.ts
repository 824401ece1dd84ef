/** The server and the tool of a document's id, `<server>/<tool>`. */
export function splitId(id: string): readonly [server: string, tool: string] {
  const end = id.indexOf("/");
  return [id.slice(0, end), id.slice(end + 1)];
}
