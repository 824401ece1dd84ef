import type { RealServer } from "./real-server.ts";

/** A port at which nobody listens. */
export const NOWHERE = "http://127.0.0.1:9";

/** Those that `npm test` talks with as well: small, quick to start, in several languages, and each odd in its own way. */
export const SUITE_SERVERS: readonly RealServer[] = [
  {
    key: "leanspec",
    package: "@leanspec/mcp-linux-x64",
    in: "peers",
    language: "Rust",
    file: "leanspec-mcp",
    tools: 11,
    revision: "2024-11-05",
    call: { tool: "list_specs", arguments: {}, outcome: "ok", says: /"specs":\[/ },
    oddity: "answers notifications, without an id; does not know ping",
  },
  {
    key: "prometheus",
    package: "mcp-prometheus-linux-amd64",
    in: "peers",
    language: "Go",
    file: "bin/mcp-prometheus-linux-amd64",
    env: { PROMETHEUS_URL: NOWHERE },
    tools: 11,
    revision: "2025-11-25",
    call: { tool: "query", arguments: { promql: "up" }, outcome: "failed", says: /connection refused/ },
  },
  {
    key: "cortex",
    package: "@temporal-cortex/cortex-mcp-linux-x64",
    in: "peers",
    language: "Rust",
    file: "bin/cortex-mcp",
    tools: 18,
    revision: "2025-06-18",
    call: {
      tool: "compute_duration",
      arguments: { start: "2026-03-01T09:00:00Z", end: "2026-03-01T10:30:00Z" },
      outcome: "ok",
      says: /1 hour, 30 minutes/,
    },
  },
  {
    key: "cloudflare",
    package: "@cloudflare/mcp-server-cloudflare",
    in: "peers",
    language: "JS",
    file: "dist/index.js",
    args: ["run", "0".repeat(32)],
    env: { CLOUDFLARE_API_TOKEN: "none" },
    tools: 89,
    revision: "2024-11-05",
    call: { tool: "kv_get", arguments: { namespaceId: "a", key: "b" }, outcome: "failed", says: /Error/ },
    oddity: "results are inside toolResult",
  },
  {
    key: "grafana",
    package: "@leval/mcp-grafana",
    in: "peers",
    language: "JS",
    file: "dist/cli.js",
    env: { GRAFANA_URL: NOWHERE, GRAFANA_SERVICE_ACCOUNT_TOKEN: "none" },
    tools: 43,
    revision: "2025-11-25",
    call: { tool: "list_datasources", arguments: {}, outcome: "failed", says: /No response from Grafana/ },
    oddity: "writes log lines to standard output",
  },
  {
    key: "cron",
    package: "mcp-cron-linux-amd64",
    in: "peers",
    language: "Go",
    file: "bin/mcp-cron",
    tools: 12,
    http: [
      {
        transport: "HTTP",
        args: ["-transport", "http", "-address", "127.0.0.1", "-port", "{port}", "-db-path", "{folder}/results.db"],
        path: "/mcp",
        revision: "2025-11-25",
      },
    ],
    call: { tool: "list_tasks", arguments: {}, outcome: "ok", says: /^\[\]/ },
    oddity: "refuses newer revisions with 400 and a text; every path is its endpoint",
  },
];
