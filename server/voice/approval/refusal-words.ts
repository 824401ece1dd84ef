import { plainWords } from "./plain-words.ts";

/**
 * Words with one of which a text is never an approval. Of several languages at once: nobody knows in which an engine
 * will have understood a customer, and to refuse by mistake does no harm. As `plainWords` has them.
 */
const REFUSALS: ReadonlySet<string> = new Set(
  plainWords(`
    no nope nah not never none neither nothing stop cancel wait hold refuse reject decline deny abort undo
    don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't isn't aren't wasn't haven't hasn't ain't
    nein nee nö nicht nichts nie niemals kein keine keinen keinem keiner keines keinesfalls keineswegs
    stopp halt abbrechen abbruch abgebrochen warte warten wartet ablehnen abgelehnt verweigern
    nunca jamás cancelar cancela espera rechazar
    non pas jamais annuler annule annulez arrête arrêtez attends attendez refuser refusez
    annulla annullare aspetta aspetti fermati rifiuto`),
);

export function hasRefusal(words: readonly string[]): boolean {
  return words.some((word) => REFUSALS.has(word));
}

/** Whether the customer said more than that they refuse. */
export function saysMore(words: readonly string[]): boolean {
  return words.some((word) => !REFUSALS.has(word));
}
