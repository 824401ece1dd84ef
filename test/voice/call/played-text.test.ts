import fc from "fast-check";
import { expect, test } from "vitest";
import { SentenceCutter } from "../../../server/speech/text/sentences.ts";
import { charactersUntil, writtenHeard } from "../../../server/voice/speaking/played-text.ts";

const piece = (written: string, spoken = written) => ({ written, spoken });
const heard = (written: string, spoken: string, characters: number, language?: string): string =>
  written.slice(0, writtenHeard(piece(written, spoken), characters, language));

test("a word counts once all of it was heard", () => {
  const text = "Your order is on its way.";
  expect(heard(text, text, 3)).toBe("");
  expect(heard(text, text, 4)).toBe("Your");
  expect(heard(text, text, 9)).toBe("Your");
  expect(heard(text, text, 10)).toBe("Your order");
  expect(heard(text, text, 24)).toBe("Your order is on its way");
  expect(heard(text, text, 25)).toBe(text);
});

test("what was written has marks that are not said", () => {
  const written = "See **the [order page](https://shop.example/orders?the=page)** for `npm start`, please. ";
  const spoken = "See the order page for npm start, please.";
  expect(heard(written, spoken, 7)).toBe("See **the");
  expect(heard(written, spoken, 18)).toBe("See **the [order page");
  expect(heard(written, spoken, 22)).toBe("See **the [order page](https://shop.example/orders?the=page)** for");
  expect(heard(written, spoken, spoken.length)).toBe(written);
});

test("words of scripts without spaces are found as well", () => {
  const text = "注文は明日届きます。";
  const half = heard(text, text, 5, "ja");
  expect(half.length).toBeGreaterThan(0);
  expect(half.length).toBeLessThan(6);
});

test("of audio whose end is not known yet, no more is taken for heard than can be", () => {
  const spoken = "x".repeat(100);
  const half = { spoken, fromMs: 1_000, untilMs: 2_000, isWhole: false };
  expect(charactersUntil(half, 1_000)).toBe(0);
  // 100 characters take longer than one second.
  expect(charactersUntil(half, 2_000)).toBeLessThan(20);
  expect(charactersUntil(half, 9_000, 20)).toBe(50);
  expect(charactersUntil({ ...half, isWhole: true }, 1_500)).toBe(50);
  expect(charactersUntil({ ...half, isWhole: true }, 1_999)).toBe(100);
});

const markdown = fc.array(
  fc.constantFrom(
    "Your ",
    "order ",
    "**is** ",
    "[on its](https://a.example/on) ",
    "way. ",
    "`code` ",
    "Dr. Ö, ",
    "注文は明日。",
    "1,042 ",
    "\n- ",
  ),
  { minLength: 1, maxLength: 30 },
);

test("whatever is written and wherever it is cut: heard and not heard are all of it, and grow with what was heard", () => {
  fc.assert(
    fc.property(markdown, fc.nat(400), fc.nat(400), (parts, one, two) => {
      const cutter = new SentenceCutter();
      for (const { written, spoken } of [...cutter.push(parts.join("")), ...cutter.flush()]) {
        const [less, more] = [Math.min(one, two), Math.max(one, two)].map((characters) => writtenHeard({ written, spoken }, characters));
        expect(less).toBeLessThanOrEqual(more!);
        expect(more).toBeLessThanOrEqual(written.length);
        expect(writtenHeard({ written, spoken }, spoken.length)).toBe(written.length);
        if (spoken.length > 0) expect(writtenHeard({ written, spoken }, 0)).toBe(0);
      }
    }),
  );
});

test("a later place is never less heard", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.nat(5_000), fc.nat(5_000), fc.boolean(), (spoken, one, two, isWhole) => {
      const audio = { spoken, fromMs: 500, untilMs: 3_000, isWhole };
      const [less, more] = [Math.min(one, two), Math.max(one, two)].map((placeMs) => charactersUntil(audio, placeMs));
      expect(less).toBeLessThanOrEqual(more!);
      expect(more).toBeLessThanOrEqual(spoken.length);
      expect(charactersUntil(audio, 400)).toBe(0);
    }),
  );
});
