import * as z from "zod";
import { httpUrl } from "../foundation/http-url.ts";

/** How staff may sign in, besides with a password. */
export const staffSchema = z.strictObject({
  oidc: z
    .strictObject({
      name: z.string().min(1).max(100).default("Single sign-on").describe("What the button says."),
      issuer: httpUrl.describe("The provider's issuer; its discovery document is below it."),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1).optional().describe('Write "${NAME}" and set NAME in the environment.'),
      scope: z.string().min(1).default("openid email profile"),
    })
    .optional()
    .describe("An OpenID Connect provider."),
});
