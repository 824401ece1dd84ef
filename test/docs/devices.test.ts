/** The sample devices of docs/devices.md, run as they stand there. */
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { hasPythonSockets, runDevice } from "../support/device-programs.ts";
import { openDeviceStage } from "../tools/devices/device-stage.ts";
import { waitFor } from "../support/wait-for.ts";

const page = await readFile(new URL("../../docs/devices.md", import.meta.url), "utf8");
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

function sampleIn(language: string): string {
  const [, code = ""] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? [];
  expect(code).not.toBe("");
  return code;
}

test("the Node device is one of forty lines", () => {
  expect(
    sampleIn("js")
      .trim()
      .split("\n")
      .filter((line) => line !== "").length,
  ).toBeLessThanOrEqual(40);
});

test.each([
  { name: "Node", command: process.execPath, file: "device.mjs", language: "js", tool: "read_temperature", given: {}, says: "21.5 °C" },
  {
    name: "Python",
    command: "python3",
    file: "device.py",
    language: "python",
    tool: "switch_lamp",
    given: { on: true },
    says: "The lamp is on.",
  },
])("the device in $name brings its tool, does what it is asked, and comes back", async ({ command, file, language, tool, given, says }) => {
  if (language === "python" && !hasPythonSockets()) return;
  const stage = await openDeviceStage();
  const { path, remove } = await temporaryFolder();
  await writeFile(join(path, file), sampleIn(language));
  await symlink(modules, join(path, "node_modules"));
  const { url } = await stage.token();
  runDevice(command, [join(path, file)], { url, cwd: path });
  await stage.ready(1);
  expect(await stage.call(`device__${tool}`, given)).toMatchObject({ outcome: "ok", content: [{ text: says }] });
  const [before] = stage.devices.seats("shop");
  stage.devices.close("shop", { code: 4000, reason: "Once more." });
  await waitFor(() => stage.devices.seats("shop")[0] !== undefined && stage.devices.seats("shop")[0] !== before);
  await stage.ready(1);
  expect(await stage.call(`device__${tool}`, given)).toMatchObject({ outcome: "ok" });
  await remove();
});
