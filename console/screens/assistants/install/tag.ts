import { BASE_PATH } from "../../../api/base-path.ts";
import { type Look, lookAttributes } from "../look/look.ts";

/** What `/frontdesk.json` says of the script. `sandbox`: the origin on which views of tools are shown. */
export interface Pinned {
  readonly sandbox?: string;
  readonly script: { readonly path: string; readonly pinned: string; readonly integrity: string };
}

export type Attributes = readonly (readonly [name: string, value: string])[];

/** The attributes of the tag, in their order. With `pinned`, the browser checks the script before it runs it. */
export function tagAttributes(key: string, look: Look, pinned: Pinned | undefined): Attributes {
  const source: Attributes =
    pinned === undefined
      ? [["src", `${serverAddress()}/frontdesk.js`]]
      : [
          ["src", `${location.origin}${pinned.script.pinned}`],
          ["integrity", pinned.script.integrity],
          ["crossorigin", "anonymous"],
        ];
  return [...source, ["data-assistant", key], ...lookAttributes(look)];
}

/** This server, as the page that shows it was opened. */
export function serverAddress(): string {
  return `${location.origin}${BASE_PATH}`;
}

export function tagOf(attributes: Attributes): string {
  return `<script async ${inMarkup(attributes)}></script>`;
}

export function inMarkup(attributes: Attributes): string {
  return attributes.map(([name, value]) => `${name}="${escaped(value)}"`).join(" ");
}

/** A script that makes the tag, where markup loses its attributes. */
export function makingScript(attributes: Attributes): readonly string[] {
  return [
    'const script = document.createElement("script");',
    "script.async = true;",
    ...attributes.map(([name, value]) => `script.setAttribute(${JSON.stringify(name)}, ${inScript(value)});`),
    "document.head.append(script);",
  ];
}

/** A text in a script in a page: no value ends the script. */
export function inScript(value: string): string {
  return JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
}

/** What the site's policy has to allow. Under a path, only the path. `sandbox`: where views of tools are shown. */
export function policyLines(sandbox?: string): string {
  const { host, protocol } = location;
  const path = BASE_PATH === "" ? "" : `${BASE_PATH}/`;
  const [server, line] = [`${protocol}//${host}${path}`, `${protocol === "https:" ? "wss" : "ws"}://${host}${path}`];
  const views = sandbox === undefined ? [] : [`frame-src ${sandbox};`];
  return [`script-src ${server};`, `connect-src ${server} ${line};`, `img-src blob: ${server};`, "media-src blob:;", ...views].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
