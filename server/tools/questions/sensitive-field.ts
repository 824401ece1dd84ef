/** Words of a field's name or title that ask for what nobody should type into a form that a server made. Compared word by word, in small letters. */
const WORDS = new Set(
  (
    "password passwd passwort kennwort contrasena senha pwd passcode passphrase pin pincode puk cvv cvc cvn cvv2 cvc2 otp totp secret secrets geheimzahl " +
    "token tokens apikey credential credentials ssn mnemonic tan iban"
  ).split(" "),
);
const PHRASES =
  /\b(?:pass word|pass code|card (?:number|no|nr)|(?:credit|debit) card|kreditkarten?(?:nummer)?|security code|verification code|one time (?:code|password)|api key|access key|private key|secret key|social security|seed phrase|recovery phrase|mot de passe|pin code)\b/;

/** The same asked for in a sentence, and not warned of. */
const ASKED =
  /(?<!\b(?:not|never|no|don't|without)\b[^.!?]{0,60})\b(?:enter|type|provide|give|confirm|share|tell|your)\b[^.!?]{0,40}\b(?:password|passcode|passphrase|pin code|credit card|debit card|card number|cvv|cvc|security code|api key|secret key|access token|private key|seed phrase|recovery phrase|social security number)\b/i;

/** Whether a name or a title stands for a secret or a means of payment. */
export function namesSecret(text: string): boolean {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, " ")
    .trim();
  if (plain.split(" ").some((word) => WORDS.has(word) || /passw(?:or[dt]|d)|passphrase|kennwort/.test(word))) return true;
  return PHRASES.test(plain);
}

/** Whether a sentence asks the reader for a secret. */
export function asksForSecret(text: string): boolean {
  return ASKED.test(text.normalize("NFKC").replace(/\s+/g, " "));
}
