/** English and German beside each other, so that nobody changes one and forgets the other. */
export type Language = "en" | "de";

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** Plural words and sentences with names in them are functions. */
type Words = Readonly<Record<string, unknown>>;

type SameShape<English> = {
  readonly [Name in keyof English]: English[Name] extends string
    ? string
    : English[Name] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : SameShape<English[Name]>;
};

/** The language of this page. It changes with a reload only. */
export const LANGUAGE: Language = document.documentElement.lang.startsWith("de") ? "de" : "en";

/**
 * A screen's words, in the page's language:
 *
 *     export const peopleWords = words({ title: "People" }, { title: "Personen" });
 */
export function words<English extends Words>(english: English, german: SameShape<English>): SameShape<English> {
  return LANGUAGE === "de" ? german : (english as SameShape<English>);
}
