import type { TemplateResult } from "lit";
import { router } from "../../foundation/router.ts";
import { tabs } from "../../parts/tabs.ts";
import { toolsWords } from "./tools-words.ts";

export function toolsTabs(current: "servers" | "http"): TemplateResult {
  return tabs(toolsWords.title, [
    { label: toolsWords.servers, href: router.href("/tools/mcp-servers"), isCurrent: current === "servers" },
    { label: toolsWords.httpTools, href: router.href("/tools/http-tools"), isCurrent: current === "http" },
  ]);
}
