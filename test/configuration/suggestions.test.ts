import { expect, it } from "vitest";
import { read } from "./reading.ts";

it("suggests to say whose process a program is, until somebody has said it", () => {
  const command = "node";
  const { suggestions, warnings } = read({
    mcpServers: {
      a: { command },
      b: { command, isolation: "conversation" },
      c: { command, isolation: "shared" },
      d: { url: "https://d.example/mcp" },
    },
  });
  expect(suggestions).toEqual([expect.stringMatching(/^mcpServers\.a\.isolation is not set: .* starts a process of its own/)]);
  expect(suggestions[0]).toContain('"shared"');
  expect(warnings).toEqual([]);
});
