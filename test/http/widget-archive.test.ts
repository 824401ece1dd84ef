import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WidgetArchive } from "../../server/http/widget/widget-archive.ts";
import { readWidgetFiles } from "../../server/http/widget/widget-files.ts";
import { temporaryFolder, widgetFolder } from "./server-harness.ts";

const DAY_MS = 24 * 60 * 60_000;
const version = (name: string) => ({
  "frontdesk.js": `import("./assets/panel-${name}.js")`,
  [`assets/panel-${name}.js`]: `export const version = "${name}";`,
  [`assets/silero-${name}.bin`]: Buffer.from(name),
  [`assets/panel-${name}.js.gz`]: gzipSync(`export const version = "${name}";`),
});

async function open(folder: string, name: string, now: number) {
  const source = await widgetFolder(version(name));
  const current = await readWidgetFiles(source);
  if (current === undefined) throw new Error("There is no widget.");
  return { archive: await WidgetArchive.open({ folder, current, source, now }), revision: current.revision };
}

test("a page that has yesterday's script finds yesterday's files, compressed as they were", async () => {
  const folder = await temporaryFolder();
  const first = await open(folder, "one", 0);
  const { archive } = await open(folder, "two", DAY_MS);
  const file = await archive.findAsset("assets/panel-one.js");
  expect(file?.bodies.identity.toString()).toContain('"one"');
  expect(file?.bodies.gzip).toBeDefined();
  expect((await archive.findAsset("assets/silero-one.bin"))?.bodies.identity.toString()).toBe("one");
  expect((await archive.find(first.revision, "frontdesk.js"))?.bodies.identity.toString()).toContain("panel-one");
  expect(await archive.findAsset("assets/panel-none.js")).toBeUndefined();
});

test("nothing outside a revision is found", async () => {
  const folder = await temporaryFolder();
  const first = await open(folder, "one", 0);
  const { archive } = await open(folder, "two", 1);
  await writeFile(join(folder, "secret.js"), "secret");
  for (const path of ["../secret.js", "..\\secret.js", "assets/../../secret.js", "/etc/passwd", ""]) {
    expect(await archive.find(first.revision, path), path).toBeUndefined();
    expect(await archive.findAsset(path), path).toBeUndefined();
  }
  expect(await archive.find("..", "secret.js")).toBeUndefined();
});

test("a revision that was not started for ninety days is forgotten, and so is a copy that broke off", async () => {
  const folder = await temporaryFolder();
  const first = await open(folder, "one", DAY_MS);
  await mkdir(join(folder, "copy-broken"));
  await utimes(join(folder, first.revision), 1, 1);
  const second = await open(folder, "two", 92 * DAY_MS);
  expect(await readdir(folder)).toEqual([second.revision]);
});
