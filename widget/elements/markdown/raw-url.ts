// Quotes, brackets and full-width punctuation end an address; sentence marks end it only where nothing follows.
const OUTSIDE = /[\s<>"`|\u2018-\u201f\u3000-\u303f\uff00-\uff60]|[.,;:!?'*_~]+$/;

/**
 * Splits what follows `https://` up to the next space into the address and the punctuation of the sentence around it.
 */
export function splitRawUrl(text: string): readonly [address: string, rest: string] {
  const outside = text.search(OUTSIDE);
  let end = outside < 0 ? text.length : outside;
  // "(see https://a.example)" ends before the bracket, "https://a.example/Foo_(bar)" after it.
  while (/[)\]]/.test(text.charAt(end - 1)) && !/[([]/.test(text.slice(0, end))) end -= 1;
  return [text.slice(0, end), text.slice(end)];
}
