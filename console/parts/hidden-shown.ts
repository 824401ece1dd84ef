/** What a server says, with the characters in sight that nobody would see: "pay\u200b" is "pay⟨U+200B⟩". */
export function hiddenShown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}
