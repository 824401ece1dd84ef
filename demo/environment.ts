/** A whole number from the environment. Throws for anything else, naming the variable. */
export function numberFrom(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`${name} is "${text}"; it must be a whole number, 0 or more.`);
}
