/** In this order: most browsers also name those that they want to be taken for. */
const BROWSERS: readonly (readonly [word: string, pattern: RegExp])[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ["Opera", /\b(?:OPR|OPiOS)\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Vivaldi", /\bVivaldi\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[^ ]* (?:Mobile\/\S+ )?Safari\//],
  ["curl", /^curl\/(\d+)/],
];

const SYSTEMS: readonly (readonly [word: string, pattern: RegExp])[] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMac OS X\b|\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
];

/** The browser and the system that a `User-Agent` names, in words that people know. It may say anything. */
export function readUserAgent(text: string): { readonly browser: string | undefined; readonly system: string | undefined } {
  const known = BROWSERS.flatMap(([word, pattern]) => {
    const version = pattern.exec(text)?.[1];
    return version === undefined ? [] : [`${word} ${version.slice(0, 4)}`];
  });
  return { browser: known[0], system: SYSTEMS.find(([, pattern]) => pattern.test(text))?.[0] };
}
