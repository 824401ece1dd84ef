/** Words as a shell would make them of a command that somebody pasted. No shell is run, and nothing is expanded. */
export interface ShellWords {
  readonly words: readonly string[];
  /** What a shell would have put a value in for, such as $TOKEN: it stands in the words as it was written. */
  readonly variables: readonly string[];
  /** What came after the command, such as `| jq`. */
  readonly rest: string;
}

/** A quote is not closed. */
export class OpenQuoteError extends Error {
  override readonly name = "OpenQuoteError";
}

type Dialect = "sh" | "cmd" | "powershell";

const BLANK = /[\s\u00a0]/;
const VARIABLE = /^\$(?:\{\w+\}|\w+|\()|^%\w+%/;
const ENDS = new Set(["|", ";", "&", ">", "<"]);

/** Reads sh (bash, zsh), cmd and PowerShell: which it is, is seen by how its lines go on. Throws `OpenQuoteError`. */
export function shellWords(text: string): ShellWords {
  const dialect = dialectOf(text);
  const plain = dialect === "cmd" ? withoutCarets(text) : text;
  return new WordReader(plain.replace(/^\s*(?:[$>#]\s+|PS [^>\n]*>\s*)/, ""), dialect).read();
}

function dialectOf(text: string): Dialect {
  if (/\^\s*\r?\n|\^"/.test(text)) return "cmd";
  return /`\s*\r?\n/.test(text) ? "powershell" : "sh";
}

/** In cmd a caret takes the meaning of what follows it, and of the end of a line. */
function withoutCarets(text: string): string {
  return text.replace(/\^(?:\r?\n|([\s\S]))/g, (_, next: string | undefined) => next ?? " ");
}

class WordReader {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #words: string[] = [];
  readonly #variables = new Set<string>();
  #at = 0;
  #word: string | undefined;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  read(): ShellWords {
    while (this.#at < this.#text.length) {
      const letter = this.#text[this.#at] ?? "";
      if (this.#isLineEnd()) this.#at += this.#text.startsWith("\r\n", this.#at + 1) ? 3 : 2;
      else if (BLANK.test(letter)) this.#endWord();
      else if (this.#word === undefined && letter === "#") this.#at = this.#until("\n");
      else if (ENDS.has(letter) && this.#dialect !== "cmd") break;
      else this.#piece(letter);
    }
    const rest = this.#text.slice(this.#at).trim();
    this.#endWord();
    // Escapes can spell halves of a character, which nothing could send.
    return { words: this.#words.map((word) => word.toWellFormed()), variables: [...this.#variables], rest };
  }

  #isLineEnd(): boolean {
    return this.#dialect !== "cmd" && this.#text[this.#at] === this.#escape && /^\r?\n/.test(this.#text.slice(this.#at + 1, this.#at + 3));
  }

  get #escape(): string {
    return this.#dialect === "powershell" ? "`" : "\\";
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
    this.#at += 1;
  }

  #piece(letter: string): void {
    this.#word ??= "";
    if (letter === "'" && this.#dialect !== "cmd") this.#single();
    else if (letter === '"' || letter === "“" || letter === "”") this.#double();
    else if (letter === "$" && this.#dialect === "sh" && this.#text[this.#at + 1] === "'") this.#ansi();
    else if (letter === "$" && this.#dialect === "sh" && this.#text[this.#at + 1] === '"') this.#at += 1;
    else if (letter === this.#escape && this.#dialect !== "cmd") this.#take(this.#text[this.#at + 1] ?? "", 2);
    else this.#plain(letter);
  }

  #plain(letter: string): void {
    const variable = VARIABLE.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
    if (variable !== undefined) this.#variables.add(variable);
    this.#take(letter, 1);
  }

  #take(text: string, length: number): void {
    this.#word = (this.#word ?? "") + text;
    this.#at += length;
  }

  /** PowerShell doubles a quote to say one. */
  #single(): void {
    for (let before = ""; ; before = "'") {
      const end = this.#text.indexOf("'", this.#at + 1);
      if (end === -1) throw new OpenQuoteError("A single quote (') is not closed.");
      this.#take(before + this.#text.slice(this.#at + 1, end), end + 1 - this.#at);
      if (this.#dialect !== "powershell" || this.#text[this.#at] !== "'") return;
    }
  }

  #double(): void {
    this.#at += 1;
    for (;;) {
      const letter = this.#text[this.#at];
      if (letter === undefined) throw new OpenQuoteError('A double quote (") is not closed.');
      if (letter === '"' || letter === "”") break;
      if (letter === this.#escape) this.#escaped();
      else this.#plain(letter);
    }
    this.#at += 1;
  }

  /** Within double quotes: sh takes the backslash before five characters only, and programs of Windows before a quote. */
  #escaped(): void {
    const next = this.#text[this.#at + 1] ?? "";
    if (this.#dialect === "sh" && next === "\n") this.#at += 2;
    else if (this.#dialect === "powershell") this.#take(next === "n" ? "\n" : next === "t" ? "\t" : next, 2);
    else if (this.#dialect === "sh" ? '$`"\\'.includes(next) : '"\\'.includes(next)) this.#take(next, 2);
    else this.#take(this.#escape, 1);
  }

  /** `$'…'`, as browsers copy what has line ends or quotes in it. */
  #ansi(): void {
    const found = /^\$'((?:[^'\\]|\\[\s\S])*)'/.exec(this.#text.slice(this.#at));
    if (found === null) throw new OpenQuoteError("A quote ($') is not closed.");
    this.#take(unescaped(found[1] ?? ""), found[0].length);
  }

  #until(end: string): number {
    const at = this.#text.indexOf(end, this.#at);
    return at === -1 ? this.#text.length : at;
  }
}

const NAMED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\u0007", e: "\u001b" };

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([\s\S]))/g,
    (_, ...[hex, short, long, octal, letter = ""]: readonly (string | undefined)[]) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return point(Number.parseInt(code, 16));
      if (octal !== undefined) return point(Number.parseInt(octal, 8));
      return NAMED[letter] ?? letter;
    },
  );
}

function point(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "\u{FFFD}";
}
