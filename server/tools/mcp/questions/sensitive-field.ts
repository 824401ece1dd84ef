/**
 * Words of a field's name or title that ask for what nobody should type into a form that a server made. Compared word
 * by word, in small letters.
 */
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

/** The same, in the manner of a form: "Password required", "Your PIN code:", "What is the card number?". */
const DEMANDED =
  /(?:\bwhat(?:'s| is| was)\b[^.!?]{0,30}|^\s*)\b(?:password|passcode|passphrase|pin code|credit card number|card number|cvv|cvc|security code|api key|secret key|private key|seed phrase|recovery phrase)\b(?=\s*(?:[:?.!]|$|please|required|needed|is (?:required|needed)))/i;

/** A password in other languages, in a name, a title or a sentence. */
const ELSEWHERE =
  /passwort|kennwort|contrasena|mot de passe|wachtwoord|losenord|adgangskode|salasana|jelszo|senha secreta|пароль|пароля|密码|密碼|パスワード|비밀번호|암호|كلمة المرور|كلمة السر|رمز المرور|סיסמה|รหัสผ่าน|mat khau/u;

/** Letters that look like Latin ones: "pаsswоrd" is read as what it looks like. */
const FOREIGN = "аеорсхуіїѕԁһјӏвкмнтαεορντικυχωϲıɑɡⅼԝѡ";
const LATIN = "aeopcxyiisdhjlbkmhtaeopvtikuxwciaglww";

function asRead(text: string): string {
  return text.replace(/\p{L}/gu, (letter) => LATIN[FOREIGN.indexOf(letter)] ?? letter);
}

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
  return (
    ELSEWHERE.test(plain) ||
    ELSEWHERE.test(text.normalize("NFC").toLowerCase()) ||
    namesSecretInLatin(plain) ||
    namesSecretInLatin(asRead(plain))
  );
}

function namesSecretInLatin(plain: string): boolean {
  if (plain.split(" ").some((word) => WORDS.has(word) || /passw(?:or[dt]|d)|passphrase|kennwort/.test(word))) return true;
  return PHRASES.test(plain);
}

/** Whether a sentence asks the reader for a secret. */
export function asksForSecret(text: string): boolean {
  const plain = text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const marked = plain.normalize("NFD").replace(/\p{M}/gu, "");
  return [plain, asRead(plain)].some((read) => ASKED.test(read) || DEMANDED.test(read)) || ELSEWHERE.test(plain) || ELSEWHERE.test(marked);
}
