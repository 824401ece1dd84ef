import "../../../widget/elements/calls/media.ts";
import { photograph } from "../../story-book/photograph.ts";
import { contextOf, drawn } from "./drawn.ts";
import { same } from "./same.ts";

const picture = { kind: "image", mimeType: "image/svg+xml", data: btoa(photograph) } as const;

/** Waits for an element that matches. */
async function comes(element: Element, selector: string): Promise<HTMLElement> {
  for (let frame = 0; frame < 120; frame += 1) {
    const found = element.querySelector<HTMLElement>(selector);
    if (found !== null) return found;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new Error(`No "${selector}" came.`);
}

describe("a tool's picture", () => {
  it("is read when it comes into view and shown from an address of the page's own", async () => {
    const context = contextOf({ readCall: (callId) => Promise.resolve({ callId, content: [{ kind: "text", text: "no" }, picture] }) });
    const media = await drawn("front-desk-media", { callId: "c", index: 1, kind: "image", name: "Product photo", context });
    const image = (await comes(media, "img")) as HTMLImageElement;
    same(image.src.startsWith("blob:"), true);
    same(image.alt, "Picture from Product photo");
    await image.decode();
    same(image.naturalWidth, 400);
  });

  it("lets go of its bytes when it leaves the page", async () => {
    const context = contextOf();
    const media = await drawn("front-desk-media", { callId: "c", index: 0, kind: "image", name: "Photo", content: picture, context });
    const { src } = (await comes(media, "img")) as HTMLImageElement;
    media.remove();
    same(
      await fetch(src).then(
        () => "still there",
        () => "gone",
      ),
      "gone",
    );
  });

  it("is no document of the page's origin that somebody could open by itself", async () => {
    const context = contextOf();
    const made: string[] = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob: Blob) => (made.push(blob.type), make.call(URL, blob));
    const show = (mimeType: string): Promise<HTMLElement> =>
      drawn("front-desk-media", { callId: "c", index: 0, kind: "image", name: "Photo", content: { ...picture, mimeType }, context });
    try {
      const svg = (await comes(await show("image/svg+xml"), "img")) as HTMLImageElement;
      if (!svg.complete) await new Promise((resolve) => svg.addEventListener("load", resolve, { once: true }));
      same(svg.naturalWidth, 400);
      same(await fetch(svg.src).catch(() => "gone"), "gone");
      await comes(await show("text/html"), "button");
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
    (await comes(media, "button")).click();
    await comes(media, "img");
  });
});
