/** Contrast as WCAG computes it, and the letters that the widget writes on the accent (`widget/elements/styles/`). */

/** The widget's own accent. */
export const DEFAULT_ACCENT = "#2456d6";
/** For text, and for what has to be found on the page. */
const TEXT = 4.5;
const THING = 3;
/** What the chat stands on: white pages, and the dark grey of most dark ones. */
const SURFACES = { light: "#ffffff", dark: "#121212" } as const;

type Theme = "system" | "light" | "dark";

export interface Contrast {
  readonly letters: "black" | "white" | "grey";
  /** Of the accent against its letters. */
  readonly text: number;
  /** Of the accent against the surfaces that the theme may have: the least. */
  readonly surface: number;
  readonly fault: "text" | "surface" | undefined;
}

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

export function contrastOf(accent: string, theme: Theme): Contrast {
  const y = luminance(channels(accent));
  // As the style sheet has it: white from 4.5 : 1 on, otherwise black; grey in a sliver between both.
  const ink = Math.min(1, Math.max(0, (0.183 - y) * 99_999));
  const text = ratio(y, ink);
  const grounds = theme === "system" ? Object.values(SURFACES) : [SURFACES[theme]];
  const surface = Math.min(...grounds.map((ground) => ratio(y, luminance(channels(ground)))));
  const fault = text < TEXT ? "text" : surface < THING ? "surface" : undefined;
  return { letters: ink === 0 ? "black" : ink === 1 ? "white" : "grey", text, surface, fault };
}

/** The colour of the same hue whose lightness is nearest, and that passes. Undefined: there is none. */
export function nearestThatPasses(accent: string, theme: Theme): string | undefined {
  const [l, a, b] = toOklab(channels(accent));
  for (let step = 1; step <= 500; step += 1)
    for (const lightness of [l - step * 0.002, l + step * 0.002]) {
      if (lightness < 0 || lightness > 1) continue;
      const colour = toHex(fromOklab([lightness, a, b]));
      if (contrastOf(colour, theme).fault === undefined) return colour;
    }
  return undefined;
}

type Three = readonly [number, number, number];

function channels(hex: string): Three {
  const at = (index: number): number => linear(Number.parseInt(hex.slice(index, index + 2), 16) / 255);
  return [at(1), at(3), at(5)];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance([red, green, blue]: Three): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function toOklab([red, green, blue]: Three): Three {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Three): Three {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toHex(colour: Three): string {
  const text = colour.map((value) => {
    const cut = Math.min(1, Math.max(0, value));
    const shown = cut <= 0.0031308 ? cut * 12.92 : 1.055 * cut ** (1 / 2.4) - 0.055;
    return Math.round(shown * 255)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${text.join("")}`;
}
