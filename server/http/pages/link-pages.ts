import { createHash } from "node:crypto";
import { Router } from "express";

/**
 * The pages behind one-time links: `/setup#token` makes the first admin, `/invitation#token` sets a password. What
 * follows the `#` leaves the browser only in the body of the one request, so it is in no log and no referrer. `basePath`
 * is what paths begin with outside, such as `/desk`.
 */
export function linkPages(basePath = ""): Router {
  const router = Router();
  for (const [path, page] of [
    ["/setup", SETUP],
    ["/invitation", INVITATION],
  ] as const) {
    const html = htmlOf(page, basePath);
    router.get(path, (_request, response) => {
      response.set("Content-Security-Policy", POLICY).set("Cache-Control", "no-store").type("html").send(html);
    });
  }
  return router;
}

interface Page {
  readonly title: string;
  readonly lead: string;
  readonly fields: readonly (readonly [name: string, label: string, type: string, autocomplete: string, hint: string])[];
  readonly action: string;
  readonly button: string;
  readonly done: string;
}

const PASSWORD = ["password", "Password", "password", "new-password", "At least 10 characters."] as const;

const SETUP: Page = {
  title: "The first admin",
  lead: "Nobody on your staff has an account yet. This makes the first one; with it you can invite everybody else.",
  fields: [["name", "Name", "text", "name", ""], ["email", "Email address", "email", "username", "You sign in with it."], PASSWORD],
  action: "/api/v1/setup",
  button: "Make the first admin",
  done: "You are the first admin and can now sign in: over the API (docs/api.md), as there is no page for it yet. This link no longer works.",
};

const INVITATION: Page = {
  title: "Choose a password",
  lead: "You were invited to Frontdesk. Choose the password that you will sign in with.",
  fields: [PASSWORD],
  action: "/api/v1/invitations/accept",
  button: "Set password",
  done: "Your password is set, and you can now sign in with it. This link no longer works.",
};

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:12vh 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.2;margin:0 0 .75rem}
p{margin:0 0 1.5rem}
label{display:block;font-weight:600;margin:0 0 1.1rem}
small{display:block;font-weight:400;opacity:.75}
input{display:block;box-sizing:border-box;width:100%;font:inherit;font-weight:400;padding:.55rem .65rem;margin-top:.3rem;border:1px solid #8a8a8a;border-radius:.4rem;background:Field;color:FieldText}
input[aria-invalid=true]{border-color:#c62828}
button{font:inherit;font-weight:600;padding:.6rem 1.1rem;border:0;border-radius:.4rem;background:#1f5f4a;color:#fff;cursor:pointer}
button:disabled{opacity:.6;cursor:default}
:focus-visible{outline:3px solid #5aa98c;outline-offset:2px}
[role=alert]{color:#b3261e;font-weight:400;opacity:1;margin-top:.5rem}
#said{margin-top:1.25rem}
[role=alert]:empty{display:none}
@media (prefers-color-scheme:dark){[role=alert]{color:#ff9d94}button{background:#277a5f}}`;

/** The same for both pages: what differs is in the markup. */
const SCRIPT = `const form=document.querySelector("form"),said=document.querySelector("#said"),token=location.hash.slice(1);
const tell=(place,text)=>{place.textContent=text;};
if(!token){form.hidden=true;tell(said,"This address is incomplete. Open the whole link, with everything after the #.");}
form.addEventListener("submit",async(event)=>{
event.preventDefault();
const button=form.querySelector("button");
button.disabled=true;tell(said,"");
for(const alert of form.querySelectorAll("label [role=alert]"))tell(alert,"");
for(const input of form.querySelectorAll("input"))input.removeAttribute("aria-invalid");
try{
const answer=await fetch(form.dataset.action,{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({token,...Object.fromEntries(new FormData(form))})});
if(answer.ok){form.hidden=true;history.replaceState(null,"",location.pathname);tell(document.querySelector("#lead"),form.dataset.done);return;}
const problem=await answer.json();
let placed=false;
for(const fault of problem.errors??[]){
const input=form.elements.namedItem(fault.path.slice(1));
if(!input)continue;
placed=true;input.setAttribute("aria-invalid","true");
tell(document.getElementById(input.name+"-fault"),fault.message);
}
if(!placed)tell(said,[problem.title,problem.detail].filter(Boolean).join(" "));
form.querySelector("[aria-invalid=true]")?.focus();
}catch{tell(said,"The server cannot be reached. Try again.");}
finally{button.disabled=false;}
});`;

const POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function htmlOf(page: Page, basePath: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${page.title} · Frontdesk</title>
<style>${STYLE}</style>
<main>
<h1>${page.title}</h1>
<p id="lead" aria-live="polite">${page.lead}</p>
<form data-action="${basePath}${page.action}" data-done="${page.done}">
${page.fields.map(fieldOf).join("\n")}
<button>${page.button}</button>
</form>
<p id="said" role="alert"></p>
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
<script>${SCRIPT}</script>
</html>
`;
}

function fieldOf([name, label, type, autocomplete, hint]: Page["fields"][number]): string {
  const described = hint === "" ? "" : `<small>${hint}</small>`;
  return `<label>${label}${described}<input name="${name}" type="${type}" autocomplete="${autocomplete}" required aria-describedby="${name}-fault"><small id="${name}-fault" role="alert"></small></label>`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
