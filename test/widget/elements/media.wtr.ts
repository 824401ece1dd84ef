import "../../../widget/elements/calls/media.ts";
import { photograph } from "../../story-book/photograph.ts";
import { comes } from "./comes.ts";
import { contextOf, drawn } from "./drawn.ts";
import { same } from "./same.ts";

const picture = { kind: "image", mimeType: "image/svg+xml", data: btoa(photograph) } as const;

const within = <E extends HTMLElement>(element: Element, selector: string): Promise<E> =>
  comes(`"${selector}"`, () => element.querySelector<E>(selector));

/** Whether the bytes behind an address were let go. */
const isGone = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

describe("a tool's picture", () => {
  it("is read when it comes into view and shown from an address of the page's own", async () => {
    const context = contextOf({ readCall: (callId) => Promise.resolve({ callId, content: [{ kind: "text", text: "no" }, picture] }) });
    const media = await drawn("front-desk-media", { callId: "c", index: 1, kind: "image", name: "Product photo", context });
    const image = await within<HTMLImageElement>(media, "img");
    same(image.src.startsWith("blob:"), true);
    same(image.alt, "Picture from Product photo");
    await image.decode();
    same(image.naturalWidth, 400);
  });

  it("lets go of its bytes when it leaves the page", async () => {
    const context = contextOf();
    const media = await drawn("front-desk-media", { callId: "c", index: 0, kind: "image", name: "Photo", content: picture, context });
    const { src } = await within<HTMLImageElement>(media, "img");
    media.remove();
    same(await isGone(src), true);
  });

  it("is no document of the page's origin that somebody could open by itself", async () => {
    const context = contextOf();
    const made: string[] = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob: Blob) => (made.push(blob.type), make.call(URL, blob));
    const show = (mimeType: string): Promise<HTMLElement> =>
      drawn("front-desk-media", { callId: "c", index: 0, kind: "image", name: "Photo", content: { ...picture, mimeType }, context });
    try {
      const svg = await within<HTMLImageElement>(await show("image/svg+xml"), "img");
      // The picture is complete before its `load` is heard, which lets go of the address.
      await comes("the end of the address", () => isGone(svg.src));
      same(svg.naturalWidth, 400);
      await within(await show("text/html"), "button");
      same(made, ["image/svg+xml", "application/octet-stream"]);
    } finally {
      URL.createObjectURL = make;
    }
  });

  it("says when it cannot be had, and tries again", async () => {
    let tries = 0;
    const context = contextOf({
      readCall: (callId) => ((tries += 1) === 1 ? Promise.reject(new Error("lost")) : Promise.resolve({ callId, content: [picture] })),
    });
    const media = await drawn("front-desk-media", { callId: "c", index: 0, kind: "image", name: "Photo", context });
    (await within(media, "button")).click();
    await within(media, "img");
  });
});
