/** When a customer has said all that they wanted to say. Times of quiet in milliseconds. */
export interface TurnSettings {
  /** The turn is over after this, */
  readonly endMs: number;
  /** after this where all that was said is a confirming word, */
  readonly confirmedMs: number;
  /** and after this where what was said goes on: it ends in a holding word, a comma, or digits. */
  readonly holdingMs: number;
  /** After this the model may begin, on what is understood so far; nothing that changes something may. */
  readonly earlyMs: number;
  /** In lower case. */
  readonly confirmingWords: readonly string[];
  readonly holdingWords: readonly string[];
}

/** As measured: docs/voice.md. The words are English, German, Spanish, French and Italian. */
export const MEASURED_TURN: TurnSettings = {
  endMs: 600,
  confirmedMs: 350,
  holdingMs: 1200,
  earlyMs: 350,
  confirmingWords: words(`
    yes yeah yep no nope ok okay sure right correct exactly please thanks thank you
    ja nein doch genau richtig gut bitte danke klar
    sí si vale claro gracias
    oui non merci d'accord
    sì certo grazie va bene`),
  holdingWords: words(`
    and or but because if the a my um uh
    und oder aber weil denn dass wenn ein eine mein meine äh ähm
    y o pero porque el mi
    et ou mais parce le les mon ma euh
    e ma il mio mia`),
};

function words(list: string): readonly string[] {
  return [...new Set(list.trim().split(/\s+/))];
}
