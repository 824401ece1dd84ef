import { resolve } from "node:path";
import * as z from "zod";
import { LOG_LEVELS, type LogLevel } from "./log.ts";
import { publicUrlFault, publicUrlOf } from "./public-url.ts";
import { sameOriginFault, sandboxUrlFault } from "./sandbox-address.ts";

/** What the environment says. Durations and sizes are in the configuration file, not here. */
export interface Settings {
  /** `FRONTDESK_CONFIG`: the configuration file. */
  readonly configPath: string | undefined;
  /** `DATA_DIR`: the folder of the database and the keys. */
  readonly dataDir: string;
  /** `PORT`; 0 takes a free one. */
  readonly port: number;
  /** `HOST`: the address to listen on; undefined is every address. */
  readonly host: string | undefined;
  /**
   * `PUBLIC_URL`: how browsers reach this server, with the path that a proxy serves it under; undefined is
   * `http://localhost:<port>`. No slash at the end.
   */
  readonly publicUrl: string | undefined;
  /** `SANDBOX_URL`: the second origin, on which views of tools are shown; undefined, without a port too: nowhere. */
  readonly sandboxUrl?: string | undefined;
  /** `SANDBOX_PORT`: a port that answers for it alone; undefined: `PORT` does, by the request's `Host`. */
  readonly sandboxPort?: number | undefined;
  /** `PUBLIC_NAME`: what people who sign in at another service read of this installation; undefined is its host. */
  readonly publicName?: string | undefined;
  /** `PUBLIC_LOGO_URL`: an image that they see beside it. */
  readonly publicLogoUrl?: string | undefined;
  /** `FRONTDESK_SECRET`: replaces the file `secret.key`. */
  readonly secret: string | undefined;
  /** `FRONTDESK_ADMIN_KEY`: a key with the role admin, for machines. */
  readonly adminKey: string | undefined;
  /** `FRONTDESK_ENCRYPTION_KEY`: replaces the file `encryption.key`, which seals the secrets in the database. */
  readonly encryptionKey?: string | undefined;
  /** `FRONTDESK_PREVIOUS_ENCRYPTION_KEYS`, separated by spaces: earlier keys, until `frontdesk rotate-key` has run. */
  readonly previousEncryptionKeys?: readonly string[];
  /** `LOG_LEVEL`. */
  readonly logLevel: LogLevel;
  /** `TRUST_PROXY`: how many proxies in front of the server write `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Where `${NAME}` in the configuration file takes its values from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The environment cannot be used; `faults` has one sentence per variable. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

export const DEFAULT_PORT = 4400;

const wholeNumber = (what: string, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, what)
    .transform(Number)
    .refine((value) => value <= maximum, what);

const schema = z.object({
  FRONTDESK_CONFIG: z.string().optional(),
  DATA_DIR: z.string().default(".data"),
  PORT: wholeNumber("expected a port from 0 to 65535", 65_535).default(DEFAULT_PORT),
  HOST: z.string().optional(),
  PUBLIC_URL: z
    .string()
    .superRefine((text, context) => {
      const fault = publicUrlFault(text);
      if (fault !== undefined) context.addIssue(fault);
    })
    .transform(publicUrlOf)
    .optional(),
  SANDBOX_URL: z
    .string()
    .superRefine((text, context) => {
      const fault = sandboxUrlFault(text);
      if (fault !== undefined) context.addIssue(fault);
    })
    .transform((text) => new URL(text).origin)
    .optional(),
  SANDBOX_PORT: wholeNumber("expected a port from 0 to 65535", 65_535).optional(),
  PUBLIC_NAME: z
    .string()
    .trim()
    .regex(/^[^\p{C}]{1,80}$/u, 'expected what people call this service, in one line of 80 characters at most, such as "Lull Pottery"')
    .optional(),
  PUBLIC_LOGO_URL: z
    .string()
    .refine(isLogoUrl, 'expected the https address of an image, such as "https://shop.example/logo.png"')
    .optional(),
  FRONTDESK_SECRET: z.string().min(32, "expected at least 32 random characters, such as `openssl rand -base64 32` prints").optional(),
  FRONTDESK_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}$/, "expected at least 32 random characters without spaces, such as `openssl rand -base64 32` prints")
    .optional(),
  FRONTDESK_ENCRYPTION_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}$/, "expected at least 32 random characters without spaces, such as `openssl rand -base64 32` prints")
    .optional(),
  FRONTDESK_PREVIOUS_ENCRYPTION_KEYS: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}(?: +[\x21-\x7e]{32,512})*$/, "expected earlier values of FRONTDESK_ENCRYPTION_KEY, separated by spaces")
    .transform((text) => text.split(/ +/))
    .default([]),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(", ")}`).default("info"),
  TRUST_PROXY: wholeNumber("expected the number of proxies in front of this server, such as 1", 20).default(0),
});

/** Their values are never repeated, not even when they are wrong. What of the settings each of them became. */
const SECRETS: { readonly [variable in keyof typeof schema.shape]?: (settings: Settings) => readonly (string | undefined)[] } = {
  FRONTDESK_SECRET: ({ secret }) => [secret],
  FRONTDESK_ADMIN_KEY: ({ adminKey }) => [adminKey],
  FRONTDESK_ENCRYPTION_KEY: ({ encryptionKey }) => [encryptionKey],
  FRONTDESK_PREVIOUS_ENCRYPTION_KEYS: ({ previousEncryptionKeys = [] }) => previousEncryptionKeys,
};

/** What is masked wherever it would be logged. */
export function secretsOf(settings: Settings): readonly string[] {
  return Object.values(SECRETS).flatMap((of) => of(settings).filter((one) => one !== undefined));
}

/** Reads the environment, and is the only place that does. Empty variables count as not set. Throws `SettingsError`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const parsed = schema.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== "")),
  );
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        const found = Object.hasOwn(SECRETS, name) ? "a secret that cannot be used" : JSON.stringify(shown(environment[name]));
        return `${name}: found ${found}, ${issue.message}`;
      }),
    );
  }
  const found = parsed.data;
  const same = sameOriginFault(found.SANDBOX_URL, found.PUBLIC_URL);
  if (same !== undefined) throw new SettingsError([`SANDBOX_URL: found ${JSON.stringify(found.SANDBOX_URL)}, ${same}`]);
  return {
    configPath: found.FRONTDESK_CONFIG === undefined ? undefined : resolve(found.FRONTDESK_CONFIG),
    dataDir: resolve(found.DATA_DIR),
    port: found.PORT,
    host: found.HOST,
    publicUrl: found.PUBLIC_URL,
    sandboxUrl: found.SANDBOX_URL,
    sandboxPort: found.SANDBOX_PORT,
    publicName: found.PUBLIC_NAME,
    publicLogoUrl: found.PUBLIC_LOGO_URL,
    secret: found.FRONTDESK_SECRET,
    adminKey: found.FRONTDESK_ADMIN_KEY,
    encryptionKey: found.FRONTDESK_ENCRYPTION_KEY,
    previousEncryptionKeys: found.FRONTDESK_PREVIOUS_ENCRYPTION_KEYS,
    logLevel: found.LOG_LEVEL,
    trustedProxies: found.TRUST_PROXY,
    environment,
  };
}

/** How other services show this installation. */
export function appearanceOf({ publicName, publicLogoUrl }: Settings): { readonly name?: string; readonly logoUrl?: string } {
  return {
    ...(publicName === undefined ? {} : { name: publicName }),
    ...(publicLogoUrl === undefined ? {} : { logoUrl: publicLogoUrl }),
  };
}

/** Without the name and password of an address. */
function shown(value = ""): string {
  return value.replace(/\/\/[^/?#]*@/, "//…@");
}

function isLogoUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === "https:" && url.username === "" && url.password === "" && text.length <= 2_000;
}
