/** The sample devices of docs/devices.md, run as they stand there. */
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { hasPythonSockets, runDevice } from "../support/device-programs.ts";
import { openDeviceStage } from "../tools/devices/device-stage.ts";
import { WireDevice } from "../tools/devices/wire-device.ts";
import { freePort } from "../support/free-port.ts";
import { findCaddy, startCaddy } from "../support/caddy.ts";
import { findNginx, startNginx } from "../support/nginx.ts";
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

const caddy = findCaddy();

test.skipIf(caddy === undefined)("through the Caddy lines a device connects, and its token is in nothing that Caddy writes", async () => {
  const stage = await openDeviceStage();
  const port = await freePort();
  const site = sampleIn("caddyfile")
    .replace("desk.example.com", `http://127.0.0.1:${port}`)
    .replace("127.0.0.1:4400", new URL(stage.address).host);
  const proxy = await startCaddy(caddy!, port, site);
  const { url } = await stage.token();
  const through = url.replace(new URL(url).host, `127.0.0.1:${port}`);
  const device = new WireDevice(through, { tools: [{ name: "sound_horn" }] });
  await stage.ready(1);
  expect(await stage.call("device__sound_horn")).toMatchObject({ outcome: "ok" });
  device.socket.close();
  await device.ended();
  await waitFor(() => proxy.said().includes("/mcp_endpoint/mcp/?token=hidden"));
  // What it says of a server that is away is another log.
  stage.stop();
  const { status } = await fetch(through.replace(/^ws/, "http"));
  expect(status).toBe(502);
  await proxy.close();
  expect(proxy.said()).toContain('"status":502');
  expect(proxy.said()).not.toContain(new URL(url).searchParams.get("token"));
});

const nginx = findNginx();

test.skipIf(nginx === undefined)("through the nginx lines a device connects, and its token is in none of nginx's files", async () => {
  const stage = await openDeviceStage();
  const { path, remove } = await temporaryFolder();
  const port = await freePort();
  const [format = "", ...location] = sampleIn("nginx").split("\n\n");
  const inside = location.join("\n").replaceAll("/var/log/nginx", path).replace("http://127.0.0.1:4400", stage.address);
  const proxy = await startNginx(nginx!, port, `${format}\nserver { listen 127.0.0.1:${port};\n${inside}\nlocation / { return 200; } }`);
  const { url } = await stage.token();
  const through = url.replace(new URL(url).host, `127.0.0.1:${port}`);
  const device = new WireDevice(through, { tools: [{ name: "sound_horn" }] });
  await stage.ready(1);
  expect(await stage.call("device__sound_horn")).toMatchObject({ outcome: "ok" });
  device.socket.close();
  await device.ended();
  const log = await waitFor(async () => (await readFile(join(path, "devices.log"), "utf8")) || undefined);
  expect(log).toContain('"GET /mcp_endpoint/mcp/" 101');
  await proxy.close();
  const errors = await readFile(join(path, "devices-error.log"), "utf8");
  expect(log + errors).not.toContain(new URL(url).searchParams.get("token"));
  await remove();
});
