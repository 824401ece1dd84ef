import { startChromium } from "./chromium.ts";
import type { Engine, EngineName, EngineOptions } from "./engine.ts";
import { startFirefox } from "./firefox.ts";
import { startWebKit } from "./webkit.ts";

const STARTS: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  chromium: startChromium,
  firefox: startFirefox,
  webkit: startWebKit,
};

/** Starts a browser of this engine; whoever starts it closes it. Throws where it is not installed. */
export function startEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  return STARTS[name](options);
}
