/** Whether two origins are of one website, as far as their names say: one is the other's host or below it. */
export function isRelated(origin: string, allowed: string): boolean {
  const [one, other] = [hostOf(origin), hostOf(allowed.replace("://*.", "://"))];
  if (one === undefined || other === undefined) return false;
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

/** The page of somebody who builds a website on their own machine. */
export function isLocalOrigin(origin: string): boolean {
  const host = URL.parse(origin)?.hostname ?? "";
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$|\.(localhost|test|local)$/.test(host);
}

function hostOf(origin: string): string | undefined {
  const host = URL.parse(origin)?.hostname.replace(/^www\./, "");
  // A name without a dot would have whole countries below it.
  return host === undefined || !host.includes(".") ? undefined : host;
}
