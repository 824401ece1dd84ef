import { describe, expect, it } from "vitest";
import { shellWords } from "../../server/setup/http-tools/shell-words.ts";

describe("words of a command, as a shell would make them", () => {
  it.each<[string, readonly string[]]>([
    [`curl 'a b' "c \\"d\\" \\$e \\x" f\\ g`, ["curl", "a b", 'c "d" $e \\x', "f g"]],
    [`curl $'it\\'s\\n\\u00e4\\x41\\101' ''`, ["curl", "it's\näAA", ""]],
    ["curl \\\n  -X \\\r\n POST", ["curl", "-X", "POST"]],
    [`curl 'it'"'"'s'`, ["curl", "it's"]],
    [`$ curl x # a comment\n -d y`, ["curl", "x", "-d", "y"]],
    ["curl “typographic quotes” x\u00a0y", ["curl", "typographic quotes", "x", "y"]],
    // Chrome's "Copy as cURL (cmd)".
    [
      'curl ^"https://shop.example/a?b=1^&c=2^" ^\r\n  -H ^"accept: */*^" ^\r\n  --data-raw ^"^{^\\^"id^\\^":5^}^"',
      ["curl", "https://shop.example/a?b=1&c=2", "-H", "accept: */*", "--data-raw", '{"id":5}'],
    ],
    // PowerShell, with its own quotes and line ends.
    ["curl.exe -X POST `\r\n -H 'it''s: 1' `\n \"a`\"b\"", ["curl.exe", "-X", "POST", "-H", "it's: 1", 'a"b']],
  ])("%j", (text, words) => {
    expect(shellWords(text).words).toEqual(words);
  });

  it("names what only the shell knows, and what comes after the command", () => {
    expect(shellWords('curl -H "Authorization: Bearer $TOKEN" https://x.example/${ID} | jq .')).toEqual({
      words: ["curl", "-H", "Authorization: Bearer $TOKEN", "https://x.example/${ID}"],
      variables: ["$TOKEN", "${ID}"],
      rest: "| jq .",
    });
    expect(shellWords("curl '$NOT'").variables).toEqual([]);
  });

  it.each([["curl 'open"], ['curl "open'], ["curl $'open"]])("a quote that is not closed is told: %s", (text) => {
    expect(() => shellWords(text)).toThrow("is not closed");
  });
});
