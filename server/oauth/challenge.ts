/** What a `WWW-Authenticate: Bearer …` header asks for (RFC 6750, RFC 9728 section 5.1). */
export interface Challenge {
  readonly resourceMetadata?: string;
  readonly scopes?: readonly string[];
  readonly error?: string;
}

const LONGEST_HEADER = 8_192;
const SCOPES = 100;
/** One parameter: a token, `=`, and a token or a quoted string. */
const PARAMETER = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/;
const SCHEME = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s+|,|$)/;

/** The first `Bearer` challenge of the header; an empty one if there is none that can be read. */
export function readChallenge(header: string | null | undefined): Challenge {
  let rest = (header ?? "").slice(0, LONGEST_HEADER);
  while (rest.trim() !== "") {
    const scheme = SCHEME.exec(rest);
    if (scheme === null) return {};
    rest = rest.slice(scheme[0].length);
    const parameters = new Map<string, string>();
    for (let match = PARAMETER.exec(rest); match !== null; match = PARAMETER.exec(rest)) {
      const [whole, name = "", quoted, plain] = match;
      const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "";
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
      rest = rest.slice(whole.length);
    }
    if (scheme[1]?.toLowerCase() === "bearer") return challengeOf(parameters);
    if (parameters.size === 0) rest = rest.replace(/^[^,]*,?/, "");
  }
  return {};
}

function challengeOf(parameters: ReadonlyMap<string, string>): Challenge {
  const resourceMetadata = parameters.get("resource_metadata");
  const scope = parameters.get("scope");
  const error = parameters.get("error");
  return {
    ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    ...(scope === undefined ? {} : { scopes: splitScopes(scope) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Scope tokens (RFC 6749 section 3.3), each once. Anything else is left out. */
export function splitScopes(text: string): readonly string[] {
  return joinScopes(text.split(" "));
}

/** The union, in the order in which they were first named. */
export function joinScopes(...lists: readonly (readonly string[])[]): readonly string[] {
  const tokens = lists.flat().filter((token) => /^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/.test(token));
  return [...new Set(tokens)].slice(0, SCOPES);
}
