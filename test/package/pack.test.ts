import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import express from "express";
import { publint } from "publint";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listenOnLoopback, type Listening } from "../../demo/listen.ts";
import { startModel } from "../../demo/model/server.ts";
import { launchBrowser } from "../support/browser.ts";
import { filesBelow, scratchProject, startProgram, type ScratchProject, type StartedProgram } from "./scratch-project.ts";

/** Of these, 0.67 MB are the weights of voice activity, as they are and compressed twice, 0.25 MB the SDK that publishes, and 0.1 MB the authorization server. */
const LARGEST_TARBALL_BYTES = 4_300_000;
const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

const PAGE_SCRIPT = `
import { FrontDesk, FrontDeskApprovalEvent, type ErrorCode } from "frontdesk";

const desk: FrontDesk = document.querySelector("front-desk")!;
desk.addEventListener("frontdesk-approval", ({ status, title }) => {
  const waits: boolean = status === "waiting";
  console.log(waits, title.length, FrontDeskApprovalEvent.type);
});
desk.addEventListener("frontdesk-error", ({ error }) => {
  const code: ErrorCode = error.code;
  console.log(code);
});
desk.theme = "dark";
const messageId: string | undefined = desk.send("Hello");
console.log(messageId);
desk.open();
// @ts-expect-error A message is a text.
desk.send(1);
// @ts-expect-error Lit's own members are not promised.
void desk.requestUpdate;
`;

let project: ScratchProject;
let model: Listening;
let site: Listening;
let server: StartedProgram;

beforeAll(async () => {
  project = await scratchProject();
  model = await startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
  const pages = express();
  pages.use(express.static(join(project.folder, "site")));
  site = await listenOnLoopback(pages, 0);
  await project.write(
    "frontdesk.json",
    JSON.stringify({
      $schema: "./node_modules/frontdesk/frontdesk.schema.json",
      assistants: {
        shop: {
          name: "Scratch shop",
          prompt: "Help.",
          model: { provider: "openai-compatible", model: "scripted", baseUrl: `${model.url}/v1`, apiKey: "not-needed" },
          allowedOrigins: [site.url],
        },
      },
      network: { allowPrivate: ["127.0.0.1"] },
    }),
  );
  server = await startProgram(project, { FRONTDESK_CONFIG: "frontdesk.json", DATA_DIR: "data", PORT: "0", HOST: "127.0.0.1" });
});

afterAll(async () => {
  await server?.end();
  await Promise.all([site?.close(), model?.close()]);
  await project?.remove();
});

describe("the package", () => {
  it("is small, and built: nothing in it needs types to be stripped", async () => {
    console.log(`The tarball has ${(project.tarballBytes / 1000).toFixed(0)} kB.`);
    expect(project.tarballBytes).toBeLessThan(LARGEST_TARBALL_BYTES);
    const files = await filesBelow(project.packageFolder);
    expect(files).toContain("custom-elements.json");
    expect(files).toContain("dist/widget/LICENSES.txt");
    expect(files).toContain("LICENSE");
    expect(files).not.toContain("dist/.built");
    expect(files.filter((name) => /\.[cm]?tsx?$/.test(name) && !name.endsWith(".d.ts"))).toEqual([]);
  });

  it("is what publint expects of a package", async () => {
    const { messages } = await publint({ pkgDir: project.packageFolder, pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  it("resolves by each of its names", async () => {
    const names = ["frontdesk", "frontdesk/embed", "frontdesk/schema", "frontdesk/custom-elements.json"];
    const script = `console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => import.meta.resolve(name))))`;
    const addresses = JSON.parse(await project.run("node", "--input-type=module", "--eval", script)) as string[];
    expect(addresses).toEqual(
      ["dist/widget/index.js", "dist/widget/frontdesk.js", "frontdesk.schema.json", "custom-elements.json"].map(
        (path) => pathToFileURL(join(project.packageFolder, path)).href,
      ),
    );
    expect(addresses.filter((address) => !existsSync(fileURLToPath(address)))).toEqual([]);
  });

  it.each(["bundler", "nodenext"])("has types that need no other package, resolved the %s way", async (moduleResolution) => {
    expect(existsSync(join(project.folder, "node_modules/lit"))).toBe(false);
    await project.write("page.ts", PAGE_SCRIPT);
    const compilerOptions = {
      target: "es2024",
      module: moduleResolution === "bundler" ? "esnext" : "nodenext",
      moduleResolution,
      lib: ["es2024", "dom", "dom.iterable"],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    };
    await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["page.ts"] }));
    expect(await project.run("node", compiler, "-p", ".").catch((error: { stdout: string }) => error.stdout)).toBe("");
  });
});

describe("the program in the package", () => {
  it("explains itself and checks a file", async () => {
    expect(await project.run("npx", "frontdesk", "version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await project.run("npx", "frontdesk", "help")).toContain("Usage: frontdesk");
    expect(await project.run("npx", "frontdesk", "check", "frontdesk.json")).toContain("is fine: 1 assistant, 0 MCP servers");
  });

  it("serves the script as it was packed, and ends on Ctrl-C", async () => {
    const second = await startProgram(project, { FRONTDESK_CONFIG: "frontdesk.json", DATA_DIR: "data-2", PORT: "0", HOST: "127.0.0.1" });
    const served = await fetch(`${second.url}/frontdesk.js`);
    expect(served.status).toBe(200);
    expect(await served.text()).toBe(await readFile(join(project.packageFolder, "dist/widget/frontdesk.js"), "utf8"));
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await second.end()).toContain("Stopped.");
    await expect(fetch(`${second.url}/healthz`)).rejects.toThrow("fetch failed");
  });
});

describe("on a stranger's page", () => {
  it("the element answers from their bundle", async () => {
    await project.write("main.js", 'import "frontdesk";');
    await project.write(
      "index.html",
      page(`<front-desk server="${server.url}" assistant="shop"></front-desk><script type="module" src="./main.js">`),
    );
    await build({ configFile: false, root: project.folder, logLevel: "error", build: { outDir: "site", assetsInlineLimit: 0 } });
    await answersOnThePage();
  });

  it("the script answers from their own files", async () => {
    await cp(join(project.packageFolder, "dist/widget"), join(project.folder, "site/desk"), { recursive: true });
    const script = `<script async src="/desk/frontdesk.js" data-server="${server.url}" data-assistant="shop">`;
    await project.write("site/index.html", page(script));
    await answersOnThePage();
  });
});

function page(content: string): string {
  return `<!doctype html><html lang="en"><title>Scratch</title><body>${content}</script></body></html>`;
}

async function answersOnThePage(): Promise<void> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const visitor = await browser.newPage();
  const faults: string[] = [];
  visitor.on("pageerror", (error) => faults.push(error.message));
  await visitor.goto(site.url);
  await visitor.getByRole("button", { name: "Open chat" }).click();
  await visitor.getByRole("textbox", { name: "Message" }).fill("Hello");
  await visitor.getByRole("button", { name: "Send" }).click();
  await visitor
    .getByRole("log")
    .getByText(/script/i)
    .first()
    .waitFor();
  expect(faults).toEqual([]);
}
