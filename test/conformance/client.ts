/**
 * `npm run conformance:client`: what the MCP conformance suite requires of a client, against our host. Ends badly when
 * anything required fails.
 */
import { REQUIRED, runClientSuite, type Revision } from "./run-client.ts";

const lines: string[] = [];
for (const revision of Object.keys(REQUIRED) as Revision[]) {
  const { passed, failed } = await runClientSuite(revision);
  for (const { scenario, words } of failed) process.stdout.write(`✗ ${revision} ${scenario}: ${words}\n`);
  lines.push(`client ${revision}: ${passed.length} of ${passed.length + failed.length} scenarios`);
  if (failed.length > 0 || passed.length !== REQUIRED[revision]) process.exitCode = 1;
}
process.stdout.write(`${lines.join("\n")}\n`);
