/**
 * `npm run conformance:server`: what the MCP conformance suite requires of a server, against its fixture behind the door
 * of a published server; and against a published server of a whole Frontdesk, what needs tools alone. Ends badly when
 * anything fails.
 */
import { REQUIRED, type Revision, runServerSuite, type ServerReport } from "./run-server.ts";
import { servedFixture, withKey } from "./served-fixture.ts";
import { OF_TOOLS, servedPublished } from "./served-published.ts";

const fixture = await servedFixture();
const published = await servedPublished(fixture);
const [way, wayToPublished] = [await withKey(fixture), await withKey(published)];
const lines: string[] = [];

for (const revision of Object.keys(REQUIRED) as Revision[])
  report(`server ${revision}`, await runServerSuite(way.url, revision), REQUIRED[revision]);
for (const revision of Object.keys(REQUIRED) as Revision[])
  report(`published server ${revision}`, await runServerSuite(wayToPublished.url, revision, OF_TOOLS[revision]), OF_TOOLS[revision].length);

for (const one of [way, wayToPublished, published, fixture]) await one.close();
process.stdout.write(`${lines.join("\n")}\n`);

function report(what: string, { passed, failed }: ServerReport, required: number): void {
  for (const { scenario, words } of failed) process.stdout.write(`✗ ${what} ${scenario}: ${words}\n`);
  lines.push(`${what}: ${passed.length} of ${passed.length + failed.length} scenarios`);
  if (failed.length > 0 || passed.length !== required) process.exitCode = 1;
}
