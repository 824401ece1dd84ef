/** A whole server that publishes the fixture's tools: they come from an MCP server and go through the gate. */
import { publishingServer } from "../support/publishing-server.ts";
import type { Revision } from "./run-server.ts";
import type { Served } from "./served-fixture.ts";

const TOOLS = [
  "test_simple_text",
  "test_image_content",
  "test_audio_content",
  "test_embedded_resource",
  "test_multiple_content_types",
  "test_error_handling",
  "test_tool_with_progress",
  "test_elicitation",
  "test_elicitation_sep1034_defaults",
  "test_elicitation_sep1330_enums",
  "test_input_required_result_elicitation",
];

const CONTENT = ["simple-text", "image", "audio", "embedded-resource", "mixed-content", "error", "with-progress"].map(
  (name) => `tools-call-${name}`,
);

/** What a server that offers tools alone can pass, with the fixture's tools behind it. */
export const OF_TOOLS: Readonly<Record<Revision, readonly string[]>> = {
  "2026-07-28": [
    "tools-list",
    ...CONTENT,
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "input-required-result-basic-elicitation",
    "input-required-result-result-type",
    "input-required-result-ignore-extra-params",
  ],
  "2025-11-25": [
    "server-initialize",
    "ping",
    "tools-list",
    ...CONTENT,
    "tools-call-elicitation",
    "elicitation-sep1034-defaults",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
  ],
};

/** `fixture` is its MCP server. */
export async function servedPublished(fixture: Pick<Served, "url" | "key">): Promise<Served> {
  const server = await publishingServer();
  await server.make("/mcp-servers", { key: "suite", name: "Suite", url: fixture.url, headers: { "X-API-Key": fixture.key } });
  const published = await server.publish(TOOLS.map((name) => ({ source: "mcp", server: "suite", name })));
  return { ...published, close: () => server.close() };
}
