import { type RequestHandler, Router } from "express";
import { HttpError } from "../http-error.ts";

export interface PictureRoutesPorts {
  readonly find: (name: string) => Promise<{ readonly type: string; readonly bytes: Buffer } | undefined>;
}

/** The pictures of the staff for whoever has their addresses, such as customers' pages: `/pictures/<name>`. */
export function pictureRoutes({ find }: PictureRoutesPorts): RequestHandler {
  const router = Router();
  router.get("/:name", async (request, response) => {
    const { name } = request.params;
    const found = await find(name);
    if (found === undefined) throw new HttpError(404, "not-found", "There is no such picture.");
    response
      .set("Content-Type", found.type)
      // Whatever the bytes are, a browser makes nothing but a picture of them.
      .set("Content-Security-Policy", "default-src 'none'; sandbox")
      .set("Cross-Origin-Resource-Policy", "cross-origin")
      .set("Cache-Control", "public, max-age=31536000, immutable")
      .send(found.bytes);
  });
  return router;
}
