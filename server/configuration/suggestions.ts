import * as z from "zod";
import { showPath } from "./describe-value.ts";

/** The file as it was written: once it has its defaults, nobody can tell what was chosen. */
const fileView = z.object({
  mcpServers: z.record(z.string(), z.looseObject({ command: z.string() }).optional().catch(undefined)).catch({}),
});

/** What may be better otherwise: programs of which nobody has said whose process they are. */
export function suggestionsOf(file: unknown): string[] {
  const view = fileView.safeParse(file);
  if (!view.success) return [];
  return Object.entries(view.data.mcpServers)
    .filter(([, server]) => server !== undefined && !Object.hasOwn(server, "isolation"))
    .map(([key]) => {
      const path = showPath(["mcpServers", key, "isolation"]);
      return `${path} is not set: each conversation that calls this program starts a process of its own. If it keeps nothing of one conversation that another must not see, "shared" makes do with one process; "conversation" says that you want it as it is.`;
    });
}
