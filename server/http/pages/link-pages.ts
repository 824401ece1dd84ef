import { Router } from "express";

/**
 * The addresses of one-time links: `/setup#token` makes the first admin, `/invitation#token` sets a password. Both are
 * screens of the console; browsers take along what follows the `#`. `basePath` is what paths begin with outside, such as
 * `/desk`.
 */
export function linkPages(basePath = ""): Router {
  const router = Router();
  for (const path of ["/setup", "/invitation"]) {
    router.get(path, (_request, response) => response.set("Cache-Control", "no-store").redirect(302, `${basePath}/console${path}`));
  }
  return router;
}
