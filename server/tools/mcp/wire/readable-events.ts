import { lastEventEnd } from "./limited-response.ts";

/**
 * The same stream of server-sent events, in which the messages of each event are those that `mend` makes of its JSON.
 * What is no JSON is passed on as it came, and so is an event for which `mend` gives the very value.
 */
export function readableEvents(response: Response, mend: (value: unknown) => readonly unknown[]): Response {
  if (response.body === null) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let open: Uint8Array[] = [];
  let tail = new Uint8Array();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const { done, value = new Uint8Array() } = await reader.read();
        const end = done ? 0 : lastEventEnd(value, tail);
        tail = value.slice(-2);
        open.push(end > 0 ? value.subarray(0, end) : value);
        if (!done && end === 0) continue;
        const text = decoder.decode(Buffer.concat(open));
        open = end > 0 ? [value.subarray(end)] : [];
        // Before an event is whole, its end is not an event.
        if (text !== "") controller.enqueue(encoder.encode(done ? text : mendedEvents(text, mend)));
        if (done) controller.close();
        return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

function mendedEvents(text: string, mend: (value: unknown) => readonly unknown[]): string {
  const events: string[][] = [[]];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === "") events.push([]);
    else events.at(-1)?.push(line);
  }
  return events.map((lines) => (lines.length === 0 ? "" : mendedEvent(lines, mend))).join("");
}

function mendedEvent(lines: readonly string[], mend: (value: unknown) => readonly unknown[]): string {
  const eventOf = (texts: readonly string[]): string => `${texts.join("\n")}\n\n`;
  const isData = (line: string): boolean => line.startsWith("data:");
  const value = parsed(
    lines
      .filter(isData)
      .map((line) => line.slice("data:".length))
      .join("\n"),
  );
  const messages = value === undefined ? [] : mend(value);
  if (value === undefined || (messages.length === 1 && messages[0] === value)) return eventOf(lines);
  const others = lines.filter((line) => !isData(line));
  return messages.map((message) => eventOf([...others, `data: ${JSON.stringify(message)}`])).join("");
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
