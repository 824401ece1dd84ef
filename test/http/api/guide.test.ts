import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ERRORS } from "../../../protocol/errors.ts";
import { ACTIONS, ROLES } from "../../../server/identity/staff/actions.ts";
import { collectRoutes } from "../../../scripts/collect-routes.ts";

const GUIDE = new URL("../../../docs/api.md", import.meta.url);

/** Codes that a customer's line sends and the API does not. */
const LINE_ONLY = new Set([
  "unsupported-version",
  "not-signed-in",
  "origin-refused",
  "not-shown",
  "not-rated",
  "too-long",
  "busy",
  "stopping",
]);

const HOW = "Write it anew with FRONTDESK_WRITE=1 npx vitest run test/http/api/guide.";

/** What stands between the two comments in the guide. */
async function section(name: string, wanted: string): Promise<string> {
  const text = await readFile(GUIDE, "utf8");
  const pattern = new RegExp(`<!-- ${name} -->\n\n[^]*?\n\n<!-- /${name} -->`);
  expect(text).toMatch(pattern);
  if (process.env["FRONTDESK_WRITE"] === "1")
    await writeFile(
      GUIDE,
      text.replace(pattern, () => `<!-- ${name} -->\n\n${wanted}\n\n<!-- /${name} -->`),
    );
  return (pattern.exec(await readFile(GUIDE, "utf8"))?.[0] ?? "").split("\n").slice(2, -2).join("\n");
}

test("the guide's table of roles and actions is the one that the server follows", async () => {
  const rows = Object.entries(ACTIONS).map(
    ([action, roles]) =>
      `| \`${action}\` | ${ROLES.map((role) => ((roles as readonly string[]).includes(role) ? "yes" : "")).join(" | ")} |`,
  );
  const wanted = [`| action | ${ROLES.join(" | ")} |`, "|---|---|---|---|", ...rows]
    .join("\n")
    .replaceAll("|  |", "| |")
    .replaceAll("|  |", "| |");
  expect(await section("roles", wanted), HOW).toBe(wanted);
});

test("the guide names every code that the API answers", async () => {
  const byStatus = new Map<number, string[]>();
  for (const [code, { status }] of Object.entries(ERRORS))
    if (!LINE_ONLY.has(code)) byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\``]);
  const rows = [...byStatus].toSorted(([one], [other]) => one - other).map(([status, codes]) => `| ${status} | ${codes.join(", ")} |`);
  const wanted = ["| status | codes |", "|---|---|", ...rows].join("\n");
  expect(await section("codes", wanted), HOW).toBe(wanted);
});

test("every path that the guide names is there", async () => {
  const text = await readFile(GUIDE, "utf8");
  const paths = new Set((await collectRoutes()).map(({ method, path }) => `${method} ${path}`));
  const auth = text.slice(text.indexOf("| below `/api/auth`"), text.indexOf("The session is a cookie"));
  const named = [...text.replace(auth, "").matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]*)/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !paths.has(name))).toEqual([]);
});
