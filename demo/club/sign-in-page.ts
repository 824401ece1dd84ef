import { html, type Html } from "../shop/html.ts";

const style = html`<style>
  :root {
    color-scheme: light dark;
    font:
      16px/1.5 system-ui,
      sans-serif;
  }
  body {
    display: grid;
    min-height: 100dvh;
    place-content: center;
    margin: 0;
    padding: 16px;
    box-sizing: border-box;
  }
  main {
    max-width: 22rem;
  }
  h1 {
    font-size: 1.375rem;
    line-height: 1.25;
    margin: 0 0 8px;
  }
  form {
    display: grid;
    gap: 8px;
    margin-top: 24px;
  }
  button {
    font: inherit;
    min-height: 44px;
    padding: 8px 16px;
    border: 1px solid;
    border-radius: 8px;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  button:first-of-type {
    background: #2f5d50;
    border-color: #2f5d50;
    color: #fff;
  }
  button:focus-visible {
    outline: 3px solid #2f5d5080;
    outline-offset: 2px;
  }
</style>`;

/** The page on which a club member says who they are. A real one would ask for a password. */
export function signInPage(of: {
  readonly code: string;
  readonly client: string;
  readonly members: ReadonlyMap<string, { readonly name: string }>;
}): string {
  const choices = Array.from(of.members, ([id, { name }]): Html => html`<button name="member" value="${id}">Continue as ${name}</button>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Sign in to the Lull Club</title>
        ${style}
      </head>
      <body>
        <main>
          <h1>Sign in to the Lull Club</h1>
          <p>${of.client} wants to see your points and redeem them for you.</p>
          <form method="post" action="/sign-in">
            <input type="hidden" name="code" value="${of.code}" />
            ${choices}
            <button name="member" value="">Cancel</button>
          </form>
        </main>
      </body>
    </html>`.text;
}
