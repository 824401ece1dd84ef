import * as z from "zod";

/** An address that the server itself calls. Names and passwords belong into headers, where they are kept secret. */
export const httpUrl = z.string().superRefine((text, context) => {
  const expected = httpUrlFault(text);
  if (expected !== undefined) context.addIssue({ code: "custom", message: `expected ${expected}` });
});

function httpUrlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") return "an http or https URL";
  if (url.username !== "" || url.password !== "") return "a URL without a name and password; put them into headers";
  if (url.hash !== "") return "a URL without a #fragment";
  return undefined;
}
