import { readFile } from "node:fs/promises";
import * as z from "zod";
import { findProduct, products } from "../../products.ts";
import { OrderRefusal } from "../order-book.ts";
import { answerCall, type OrderTool } from "./order-tool.ts";

/** `product_photo`: a picture of a product as MCP image content, with a line of text. */
export const productPhoto: OrderTool = (server, context) => {
  server.registerTool(
    "product_photo",
    {
      title: "Product photo",
      description: context.isRenewed
        ? "Shows a photo of a product of the shop, with its size and price."
        : "Shows a photo of a product of the shop.",
      inputSchema: {
        product: z.string().min(1).max(100).meta({ title: "Product", description: "Name of the product, for example Hush mug." }),
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input, extra) =>
      answerCall(context, { tool: "product_photo", arguments: input, extra }, async () => {
        const product = findProduct(input.product);
        if (product === undefined) {
          throw new OrderRefusal(`No product is called "${input.product}". The shop has: ${products.map(({ name }) => name).join(", ")}.`);
        }
        const photo = await readFile(new URL(`../photos/${product.id}.png`, import.meta.url));
        return {
          content: [
            { type: "text", text: `${product.name}, ${product.glaze}. ${product.line} ${product.size}.` },
            { type: "image", mimeType: "image/png", data: photo.toString("base64") },
          ],
        };
      }),
  );
};
