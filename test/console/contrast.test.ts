import fc from "fast-check";
import { expect, test } from "vitest";
import { contrastOf, nearestThatPasses } from "../../console/screens/assistants/look/contrast.ts";

const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((number) => `#${number.toString(16).padStart(6, "0")}`);
const theme = fc.constantFrom("light" as const, "dark" as const, "system" as const);

test("letters on the accent are black or white, as the widget draws them, and can be read", () => {
  expect(contrastOf("#2456d6", "system")).toMatchObject({ letters: "white", fault: undefined });
  expect(contrastOf("#ffee00", "dark")).toMatchObject({ letters: "black", fault: undefined });
  expect(contrastOf("#ffffff", "light").text).toBeCloseTo(21, 5);
  expect(contrastOf("#777777", "light").surface).toBeCloseTo(4.48, 2);
});

test("what is lost against the page is a fault, on the pages that the theme may have", () => {
  expect(contrastOf("#ffee00", "light").fault).toBe("surface");
  expect(contrastOf("#ffee00", "system").fault).toBe("surface");
  expect(contrastOf("#101020", "dark").fault).toBe("surface");
  expect(contrastOf("#101020", "light").fault).toBe(undefined);
});

test("every colour has a nearest one that passes", () => {
  fc.assert(
    fc.property(colour, theme, (accent, shown) => {
      const nearest = nearestThatPasses(accent, shown);
      expect(nearest).toMatch(/^#[0-9a-f]{6}$/);
      expect(contrastOf(nearest ?? "", shown).fault).toBe(undefined);
    }),
  );
});
