/** How many wait, in the tab's title and picture. */
const TITLE = "Frontdesk";
const MOST = 99;

export function showCount(count: number): void {
  document.title = count === 0 ? TITLE : `(${count > MOST ? `${MOST}+` : count}) ${TITLE}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon !== null) icon.href = count === 0 ? "data:," : `data:image/svg+xml,${encodeURIComponent(pictureOf(count))}`;
}

function pictureOf(count: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#c2410c"/><text x="16" y="22" font-family="sans-serif" font-size="18" font-weight="700" text-anchor="middle" fill="#fff">${count > 9 ? "9+" : count}</text></svg>`;
}
