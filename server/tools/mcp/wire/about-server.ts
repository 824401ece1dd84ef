import * as z from "zod";
import { plainLine } from "../../definitions/plain-text.ts";

/** What a server says of itself, bounded. Nobody has checked it. */
export interface AboutServer {
  readonly name: string;
  readonly title?: string;
  readonly version?: string;
  readonly websiteUrl?: string;
  /** A `data:` address: pages draw nothing that is fetched from elsewhere. */
  readonly icon?: string;
}

const NAME_CHARACTERS = 100;
const ICON_CHARACTERS = 24_000;
const ICON = /^data:image\/(?:png|jpeg|webp|gif|svg\+xml);base64,[A-Za-z0-9+/=]+$/;

const text = z.string().transform((said) => plainLine(said, NAME_CHARACTERS));
const iconSchema = z.object({ src: z.string().max(ICON_CHARACTERS).regex(ICON) });
const aboutSchema = z.object({
  name: text,
  title: text.optional().catch(undefined),
  version: text.optional().catch(undefined),
  websiteUrl: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional()
    .catch(undefined),
  icons: z.array(z.unknown()).max(50).optional().catch(undefined),
});

export function aboutServer(said: unknown): AboutServer | undefined {
  const parsed = aboutSchema.safeParse(said);
  if (!parsed.success) return undefined;
  const { name, title, version, websiteUrl, icons = [] } = parsed.data;
  const icon = icons.map((one) => iconSchema.safeParse(one)).find(({ success }) => success)?.data?.src;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(version === undefined ? {} : { version }),
    ...(websiteUrl === undefined ? {} : { websiteUrl }),
    ...(icon === undefined ? {} : { icon }),
  };
}
