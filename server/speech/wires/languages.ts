/** `pt` of `pt-BR`: what engines want that know languages by ISO 639-1 alone. */
export function mainLanguage(language: string): string {
  return language.split("-")[0]?.toLowerCase() ?? language;
}
