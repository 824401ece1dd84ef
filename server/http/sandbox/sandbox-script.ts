import { SANDBOX_READY, SANDBOX_VIEW_LEFT } from "../../../protocol/views.ts";

/**
 * The one script of ours in the sandbox's document, as text: it hands messages between the page that shows the view and
 * the view's own frame, and nothing else.
 *
 * - It hears the page only from its exact origin, and the view only from its frame's window. A message that is no
 *   JSON-RPC, or that names itself the sandbox's, goes no further.
 * - The view has an origin of its own that has no name, so what goes to it goes to "*"; the frame is heard and told no
 *   more once something else was loaded into it.
 */
export const SANDBOX_SCRIPT = `(() => {
  const { host } = document.currentScript.dataset;
  const OWN = "ui/notifications/sandbox-";
  let loads = 0;
  if (parent === self) return;
  const tell = (message) => parent.postMessage(message, host);
  const fits = (data) => data?.jsonrpc === "2.0" && !String(data.method ?? "").startsWith(OWN);
  addEventListener("message", ({ source, origin, data }) => {
    const view = document.querySelector("iframe")?.contentWindow;
    if (loads > 1 || !view || !fits(data)) return;
    if (source === view) tell(data);
    else if (source === parent && origin === host) view.postMessage(data, "*");
  });
  document.addEventListener("load", ({ target }) => {
    if (target.localName !== "iframe" || ++loads !== 2) return;
    target.remove();
    tell({ jsonrpc: "2.0", method: "${SANDBOX_VIEW_LEFT}", params: {} });
  }, true);
  tell({ jsonrpc: "2.0", method: "${SANDBOX_READY}", params: {} });
})();`;
