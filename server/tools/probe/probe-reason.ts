import type { Fault, FaultKind } from "../mcp/servers/fault.ts";
import type { ProbeAdvice } from "./probe-advice.ts";
import type { AskedCredentials, ProbeReason } from "./prober.ts";

const REASONS = {
  "not-found": "server-not-found",
  "connection-failed": "connection-failed",
  timeout: "connection-failed",
  blocked: "connection-failed",
  authentication: "authentication-failed",
  "not-mcp": "not-an-mcp-server",
  "protocol-error": "protocol-error",
  ended: "program-ended",
} as const satisfies Record<FaultKind, ProbeReason>;

export function probeReason(fault: Fault): ProbeReason {
  return REASONS[fault.kind];
}

/** What to do about a fault, for whoever set the server up. */
export function probeAdvice(fault: Fault, asks?: AskedCredentials): ProbeAdvice {
  switch (fault.kind) {
    case "not-found":
      if (fault.status !== undefined) return "wrong-path";
      if (fault.code === "ECONNREFUSED") return "not-started";
      return fault.code === "ENOENT" ? "no-command" : "unknown-host";
    case "timeout":
      return "too-slow";
    case "blocked":
      return "not-allowed";
    case "connection-failed":
      return connectionAdvice(fault);
    case "authentication":
      return fault.status === 403 && (asks ?? "other") === "other" ? "credentials-or-host" : CREDENTIALS[asks ?? "other"];
    case "not-mcp":
      return "not-mcp";
    case "protocol-error":
      if (fault.status !== undefined && fault.status >= 500) return "in-trouble";
      return fault.said === undefined ? "breaks-protocol" : "refuses";
    case "ended":
      return "program-ended";
  }
}

function connectionAdvice({ status, code }: Fault): ProbeAdvice {
  if (status === 403 || status === 421) return "wrong-host";
  if (status !== undefined && status >= 300 && status < 400) return "redirects";
  if (code !== undefined && /CERT|SELF_SIGNED|TLS|VERIFY/.test(code)) return "certificate";
  if (code === "NOT_HTTPS") return "plain-http";
  if (code === "NOT_HTTP") return "another-service";
  return code === "BAD_PORT" ? "bad-port" : "ends-connection";
}

const CREDENTIALS = {
  oauth: "wants-oauth",
  bearer: "wants-bearer",
  basic: "wants-basic",
  other: "wants-credentials",
} as const satisfies Record<AskedCredentials, ProbeAdvice>;
