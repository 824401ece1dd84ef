/**
 * The launcher as `elements/` draws it, in as few bytes as it takes: whoever changes it there changes it here. A test holds both pictures
 * side by side.
 */
const css = `
:host{all:initial;display:block;position:fixed;z-index:var(--frontdesk-layer,2147483000);inset-block-end:calc(var(--frontdesk-inset,20px) + env(safe-area-inset-bottom,0px));inset-inline-end:var(--frontdesk-inset,20px);
font:15px/1.5 var(--frontdesk-font,system-ui),-apple-system,"Segoe UI",Roboto,sans-serif;color-scheme:light dark;
--f:var(--frontdesk-accent,#2456d6);--i:clamp(0,(.183 - y)*99999,1)}
:host([hidden]),:host([mode=inline]) *{display:none!important}
:host([position=start]){inset-inline:var(--frontdesk-inset,20px) auto}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box}
button{position:relative;display:grid;place-items:center;inline-size:56px;block-size:56px;margin:0;border:1px solid transparent;border-radius:50%;padding:0;background:var(--f);color:color(from var(--f) xyz-d65 calc(.9505*var(--i)) calc(1*var(--i)) calc(1.089*var(--i)));font:inherit;cursor:pointer;touch-action:manipulation;-webkit-tap-highlight-color:transparent;box-shadow:0 1px 2px rgb(0 0 0/.14),0 6px 20px rgb(0 0 0/.18)}
button[aria-busy=true]{cursor:progress}
:focus-visible{outline:2px solid light-dark(oklch(from var(--f) min(l,.5) c h),oklch(from var(--f) max(l,.78) c h));outline-offset:2px}
svg{display:block;inline-size:28px;block-size:28px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;inset-block-start:-3px;inset-inline-end:-3px;min-inline-size:22px;--s:light-dark(#fff,color-mix(in oklab,var(--f) 4%,#17181a));border:2px solid var(--s);border-radius:11px;padding-inline:4px;background:light-dark(#b3261e,#ff9a90);color:var(--s);font-size:12px;font-weight:600;line-height:18px;font-variant-numeric:tabular-nums;text-align:center}
`;

/** Made by the engine, not by markup: a policy without inline styles allows it. */
export function launcherSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
