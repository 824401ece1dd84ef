import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import { may, me } from "../../../foundation/screen.ts";

/** All HTTP tools are shared together, as this server. */
export const HTTP_SHARES = "/mcp-servers/http/shares";

/** Whether this person may change the HTTP tools, and share them on. */
export async function mayManageHttpTools(signal: AbortSignal): Promise<boolean> {
  if (me.self?.roles.includes("admin") ?? false) return true;
  if (!may("servers.share")) return false;
  try {
    await api.get(HTTP_SHARES, { signal });
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}
