const WORDS =
  "the order parcel teapot arrives leaves warehouse courier window morning evening signed returned within thirty days receipt price includes tax shipping glaze stoneware dishwasher safe gift wrapped address changed before noon".split(
    " ",
  );

/**
 * A long answer as models write them: headings, prose with emphasis and links, lists, a table and code in turn, the
 * same for the same length.
 *
 * @returns its tokens, each some four characters, as a model's stream brings them
 */
export function markdownAnswer(tokens: number): string[] {
  const made: string[] = [];
  for (let section = 1; made.length < tokens; section += 1) made.push(...tokenize(writeSection(section)));
  return made.slice(0, tokens);
}

function tokenize(text: string): string[] {
  return text.match(/\s*[^\s]{1,5}/g) ?? [];
}

function words(count: number, start: number): string {
  return Array.from({ length: count }, (_, index) => WORDS[(start * 7 + index * 3) % WORDS.length]).join(" ");
}

function writeSection(section: number): string {
  const rows = Array.from({ length: 5 }, (_, row) => `| ${words(2, row)} | ${row + 1} | $${section + row}.50 | **${words(1, row)}** |`);
  const items = Array.from({ length: 4 }, (_, item) => `- **${words(2, item)}**: ${words(9, section + item)}\n`);
  const steps = Array.from({ length: 3 }, (_, step) => `${step + 1}. ${words(8, step)}\n   - ${words(6, section + step)}\n`);
  const lines = Array.from(
    { length: 8 },
    (_, line) => `  const value${line} = lookup("${words(1, line)}", { order: ${section}, line: ${line} });`,
  );
  return `
## ${words(4, section)} ${section}

${words(30, section)}, *${words(3, section)}* and \`${words(1, section)}\`. ${words(25, section + 1)} [${words(2, section)}](https://shop.example/help/${section}). ${words(20, section)}.

${items.join("")}
### ${words(3, section + 2)}

| Item | Quantity | Price | State |
|------|----------|-------|-------|
${rows.join("\n")}

${words(40, section + 3)}.

${steps.join("")}
\`\`\`ts
export function order${section}() {
${lines.join("\n")}
}
\`\`\`

> ${words(18, section + 4)}.
`;
}
