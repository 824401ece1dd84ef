import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { esbuildPlugin } from "@web/dev-server-esbuild";
import { defaultReporter } from "@web/test-runner";
import { playwrightLauncher } from "@web/test-runner-playwright";
import { findBrowser } from "./test/support/browser.ts";
import { countReporter } from "./test/support/count-reporter.ts";

const CONTROLLER = "/widget/controllers/thread-controller.ts";
const STAGE = "/test/story-book/staged-controller.ts";

/** Tests of single elements, in a browser: `npx wtr`. What a whole panel does is tested in `test/widget/elements/*.test.ts`. */
export default {
  files: "test/widget/elements/**/*.wtr.ts",
  rootDir: fileURLToPath(new URL(".", import.meta.url)),
  nodeResolve: true,
  concurrency: 1,
  // Only what hangs meets these limits: a machine that has other things to do must not fail a test.
  browserStartTimeout: 240_000,
  testsStartTimeout: 240_000,
  testsFinishTimeout: 600_000,
  testFramework: { config: { timeout: 240_000 } },
  reporters: [defaultReporter(), countReporter(fileURLToPath(new URL("test/.artifacts/element-tests.json", import.meta.url)))],
  browsers: [
    playwrightLauncher({
      product: "chromium",
      launchOptions: {
        executablePath: findBrowser(),
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
      },
    }),
  ],
  plugins: [
    {
      name: "staged-controller",
      resolveImport({ source }) {
        return source.endsWith("controllers/thread-controller.ts") && existsSync(`.${CONTROLLER}`) ? STAGE : undefined;
      },
    },
    esbuildPlugin({ ts: true, target: "es2022", tsconfig: fileURLToPath(new URL("widget/tsconfig.json", import.meta.url)) }),
  ],
};
