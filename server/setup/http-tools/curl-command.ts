import { InvalidError } from "../../foundation/invalid-error.ts";
import { OpenQuoteError, type ShellWords, shellWords } from "./shell-words.ts";

/** A command of curl, as far as it says what is sent. */
export interface CurlCommand {
  readonly url: string;
  /** Absent: not said, so it follows from the rest. */
  readonly method?: string;
  readonly headers: readonly (readonly [string, string])[];
  /** What -d and its kin send, in their order. */
  readonly data: readonly string[];
  readonly isJson: boolean;
  /** `-G`: the data are in the address. */
  readonly inQuery: boolean;
  readonly timeoutMs?: number;
  readonly warnings: readonly string[];
}

type Draft = {
  -readonly [Name in keyof Omit<CurlCommand, "url" | "headers" | "data" | "warnings">]: CurlCommand[Name];
} & { urls: string[]; headers: [string, string][]; data: string[]; warnings: string[] };

type Take = (draft: Draft, value: string, option: string) => void;

const nothing: Take = () => undefined;
const leftOut: Take = ({ warnings }, _value, option) => void warnings.push(`${option} was left out: it has no meaning here.`);
const refusedAs =
  (why: string): Take =>
  (_draft, _value, option) => {
    throw curlFault(`${option}: ${why}`);
  };
const header =
  (name: string): Take =>
  ({ headers }, value) =>
    void headers.push([name, value]);
const data: Take = ({ data: all }, value, option) => {
  if (value.startsWith("@")) throw curlFault(`${option} reads a file, which is not here. Paste what is in it instead.`);
  all.push(value);
};
const upload = refusedAs("files and multipart forms cannot be sent by an HTTP tool.");

/** Options that take a value, by every name that they have. */
const WITH_VALUE: Readonly<Record<string, Take>> = {
  "-X": (draft, value) => void (draft.method = value.toUpperCase()),
  "-H": ({ headers, warnings }, value) => {
    const [, name = "", said = ""] = /^([^:;]+)[:;]\s*([\s\S]*)$/.exec(value) ?? [];
    if (value.startsWith("@")) throw curlFault("-H reads a file, which is not here. Paste what is in it instead.");
    if (name === "" || said.trim() === "")
      warnings.push(`The header "${name === "" ? "without a name" : name}" was left out: it has no value.`);
    else headers.push([name.trim(), said.trim()]);
  },
  "-d": data,
  "--data-raw": ({ data: all }, value) => void all.push(value),
  "--data-binary": data,
  "--data-urlencode": (draft, value, option) => {
    const [, name = "", said = ""] = /^([^=@]*)[=@]?([\s\S]*)$/.exec(value) ?? [];
    if (/^[^=]*@/.test(value)) data(draft, "@", option);
    draft.data.push(value.includes("=") ? `${name === "" ? "" : `${name}=`}${encodeURIComponent(said)}` : encodeURIComponent(value));
  },
  "--json": (draft, value, option) => {
    draft.isJson = true;
    data(draft, value, option);
  },
  "-u": ({ headers }, value) => {
    const login = value.includes(":") ? value : `${value}:`;
    headers.push(["Authorization", `Basic ${Buffer.from(login).toString("base64")}`]);
  },
  "--oauth2-bearer": ({ headers }, value) => void headers.push(["Authorization", `Bearer ${value}`]),
  "--url": ({ urls }, value) => void urls.push(value),
  "-A": header("User-Agent"),
  "-e": header("Referer"),
  "-b": (draft, value, option) => {
    if (!value.includes("=")) throw curlFault(`${option} reads a file of cookies, which is not here. Paste the cookies as name=value.`);
    draft.headers.push(["Cookie", value]);
    draft.warnings.push("Its cookies are a sign-in of one person's browser, which ends. An API key of the service lasts.");
  },
  "-m": (draft, value) => {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds > 0) draft.timeoutMs = Math.min(Math.max(Math.round(seconds * 1_000), 100), 15 * 60_000);
  },
  "-F": upload,
  "--form-string": upload,
  "-T": upload,
  "-K": refusedAs("a file of options is not here."),
  "-E": refusedAs("certificates of a client cannot be sent by an HTTP tool."),
  "--key": refusedAs("certificates of a client cannot be sent by an HTTP tool."),
  "-x": leftOut,
  "--resolve": leftOut,
  "--connect-to": leftOut,
  "--cacert": leftOut,
  "--unix-socket": leftOut,
  "--aws-sigv4": refusedAs("signed requests cannot be made by an HTTP tool."),
  "-o": nothing,
  "-w": nothing,
  "-c": nothing,
  "-D": nothing,
  "--connect-timeout": nothing,
  "--retry": nothing,
  "--retry-delay": nothing,
  "--retry-max-time": nothing,
  "--max-redirs": nothing,
  "--limit-rate": nothing,
  "--ciphers": nothing,
};

const WITHOUT_VALUE: Readonly<Record<string, Take>> = {
  "-G": (draft) => void (draft.inQuery = true),
  "-I": refusedAs("only the head of an answer would be asked for, and an HTTP tool reads the body."),
  "-k": ({ warnings }) => void warnings.push("-k was left out: certificates are always checked."),
  "-L": nothing,
  "--digest": refusedAs("this sign-in cannot be made by an HTTP tool."),
  "--ntlm": refusedAs("this sign-in cannot be made by an HTTP tool."),
  "--negotiate": refusedAs("this sign-in cannot be made by an HTTP tool."),
};

const SAME: Readonly<Record<string, string>> = {
  "--request": "-X",
  "--header": "-H",
  "--data": "-d",
  "--data-ascii": "-d",
  "--user": "-u",
  "--user-agent": "-A",
  "--referer": "-e",
  "--cookie": "-b",
  "--max-time": "-m",
  "--form": "-F",
  "--upload-file": "-T",
  "--config": "-K",
  "--cert": "-E",
  "--proxy": "-x",
  "--output": "-o",
  "--write-out": "-w",
  "--cookie-jar": "-c",
  "--dump-header": "-D",
  "--get": "-G",
  "--head": "-I",
  "--insecure": "-k",
  "--location": "-L",
};

/** Reads a command as people paste it. Throws `InvalidError` at `/curl`; no message has a value of the command in it. */
export function readCurl(text: string): CurlCommand {
  const { words, variables, rest } = wordsOf(text);
  const [command = "", ...more] = words;
  if (!/^(?:.*[/\\])?curl(?:\.exe)?$/i.test(command)) throw curlFault("Expected a command that begins with curl.");
  const draft: Draft = { urls: [], headers: [], data: [], warnings: [], isJson: false, inQuery: false };
  const queue = [...more];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--next" || word === "-:") {
      draft.warnings.push("Only the first of its requests was taken.");
      break;
    }
    if (!word.startsWith("-") || word === "-") draft.urls.push(word);
    else take(draft, word, queue);
  }
  for (const variable of variables)
    draft.warnings.push(`${variable} stands for a value that only your shell knows. Write the value in its place.`);
  if (rest !== "") draft.warnings.push("What follows the command was left out.");
  return finished(draft);
}

function wordsOf(text: string): ShellWords {
  try {
    return shellWords(text);
  } catch (error) {
    if (error instanceof OpenQuoteError) throw curlFault(error.message);
    throw error;
  }
}

/** `-X POST`, `-XPOST`, `--request POST`, `--request=POST`, `-sSLX POST`. */
function take(draft: Draft, word: string, queue: string[]): void {
  if (word.startsWith("--")) {
    const [, option = word, glued] = /^(--[^=]+)=([\s\S]*)$/.exec(word) ?? [];
    const name = SAME[option] ?? option;
    if (Object.hasOwn(WITH_VALUE, name)) WITH_VALUE[name]?.(draft, glued ?? valueOf(queue, option), option);
    else WITHOUT_VALUE[name]?.(draft, "", option);
    return;
  }
  for (let at = 1; at < word.length; at += 1) {
    const option = `-${word[at]}`;
    if (!Object.hasOwn(WITH_VALUE, option)) {
      WITHOUT_VALUE[option]?.(draft, "", option);
      continue;
    }
    const glued = word.slice(at + 1);
    WITH_VALUE[option]?.(draft, glued === "" ? valueOf(queue, option) : glued, option);
    return;
  }
}

function valueOf(queue: string[], option: string): string {
  const value = queue.shift();
  if (value === undefined) throw curlFault(`${option} has no value after it.`);
  return value;
}

function finished({ urls, warnings, ...draft }: Draft): CurlCommand {
  const [url, ...others] = urls;
  if (url === undefined) throw curlFault("It has no address.");
  if (others.length > 0) warnings.push("It has several addresses; only the first was taken.");
  return { ...draft, url: /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`, warnings };
}

function curlFault(message: string): InvalidError {
  return new InvalidError([{ path: "/curl", message }]);
}
