import { describe, expect, it } from "vitest";
import { createRedaction } from "../../server/guard/secrets/redaction.ts";
import { createLog } from "../../server/start/log.ts";

function capture(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const { log, redactFromNowOn } = createLogOf(lines);
  redactFromNowOn(createRedaction(secrets));
  return { log, text: () => lines.join("") };
}

function createLogOf(lines: string[]) {
  const serverLog = createLog({ level: "debug", destination: { write: (line: string) => void lines.push(line) } });
  return { log: serverLog.log, redactFromNowOn: (redaction: ReturnType<typeof createRedaction>) => serverLog.redactFromNowOn(redaction) };
}

describe("the log", () => {
  it("never shows the values of secret fields, however deep", () => {
    const { log, text } = capture();
    log.info(
      { server: { headers: { Authorization: "Bearer abcdef123456" }, apiKey: "sk-1", nested: { token: "t-9", password: "hunter2" } } },
      "connected",
    );
    expect(text()).toContain("connected");
    for (const secret of ["abcdef123456", "sk-1", "t-9", "hunter2"]) expect(text()).not.toContain(secret);
  });

  it("never shows a configured secret, wherever it turns up", () => {
    const secret = 'pa"ss/word+1';
    const { log, text } = capture([secret]);
    log.error(
      { error: new Error(`401 for key ${secret}`), url: `https://x.example/?q=${encodeURIComponent(secret)}` },
      `failed with ${secret}`,
    );
    expect(text()).toContain("401 for key");
    expect(text()).not.toContain("ss/word");
    expect(text()).not.toContain(encodeURIComponent(secret));
  });

  it("knows secrets by their looks", () => {
    const { log, text } = capture();
    log.warn(
      { a: "Bearer eyJhbGciOi.x.y", b: "fdc_customer-one.mworr94l.abcDEF_-123", c: "https://u:pw123@x.example/mcp?token=qwertz&page=2" },
      "seen",
    );
    for (const secret of ["eyJhbGciOi", "abcDEF_-123", "pw123", "qwertz"]) expect(text()).not.toContain(secret);
    expect(text()).toContain("page=2");
  });

  it("keeps what is needed: ids, counts of tokens, causes of errors", () => {
    const { log, text } = capture(["long-secret"]);
    const error = new Error("outer", { cause: new Error("inner long-secret") });
    log.error({ conversationId: "conversation-1", inputTokens: 17, error }, "failed");
    const line = JSON.parse(text()) as Record<string, unknown>;
    expect(line).toMatchObject({
      level: "error",
      conversationId: "conversation-1",
      inputTokens: 17,
      error: { message: "outer", cause: { message: "inner [secret]" } },
    });
  });
});
