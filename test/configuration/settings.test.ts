import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings, secretsOf, SettingsError } from "../../server/start/settings.ts";

function faults(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  it("has a default for everything", () => {
    expect(readSettings({})).toEqual({
      configPath: undefined,
      dataDir: resolve(".data"),
      port: 4400,
      host: undefined,
      publicUrl: undefined,
      secret: undefined,
      previousEncryptionKeys: [],
      logLevel: "info",
      trustedProxies: 0,
      environment: {},
    });
  });

  it("is read", () => {
    const read = readSettings({
      FRONTDESK_CONFIG: "/a/b.json",
      DATA_DIR: "/data",
      PORT: "0",
      HOST: "::1",
      PUBLIC_URL: "https://desk.example/",
      PUBLIC_NAME: " Lull Töpferei & Söhne ",
      PUBLIC_LOGO_URL: "https://shop.example/logo.png",
      TRUST_PROXY: "2",
      LOG_LEVEL: "warn",
    });
    expect(read).toMatchObject({
      configPath: "/a/b.json",
      dataDir: "/data",
      port: 0,
      host: "::1",
      publicUrl: "https://desk.example",
      publicName: "Lull Töpferei & Söhne",
      publicLogoUrl: "https://shop.example/logo.png",
      trustedProxies: 2,
      logLevel: "warn",
    });
  });

  it("says which of its values are secrets", () => {
    const [secret, admin, key, earlier, earliest] = ["a", "b", "c", "d", "e"].map((letter) => letter.repeat(32));
    const read = readSettings({
      FRONTDESK_SECRET: secret,
      FRONTDESK_ADMIN_KEY: admin,
      FRONTDESK_ENCRYPTION_KEY: key,
      FRONTDESK_PREVIOUS_ENCRYPTION_KEYS: `${earlier} ${earliest}`,
    });
    expect(secretsOf(read)).toEqual([secret, admin, key, earlier, earliest]);
    expect(secretsOf(readSettings({}))).toEqual([]);
  });

  it("counts empty variables as not set", () => {
    expect(readSettings({ PORT: "", FRONTDESK_CONFIG: "" })).toMatchObject({ port: 4400, configPath: undefined });
  });

  it("tells all of its faults at once, and no secret", () => {
    const found = faults({
      PORT: "99999",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "https://desk.example/chat?shop=1",
      TRUST_PROXY: "yes",
      FRONTDESK_SECRET: "too-short",
      FRONTDESK_ADMIN_KEY: "guessable",
    });
    expect(found.map((line) => line.split(":")[0] ?? "").toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "FRONTDESK_ADMIN_KEY",
      "FRONTDESK_SECRET",
      "LOG_LEVEL",
      "PORT",
      "PUBLIC_URL",
      "TRUST_PROXY",
    ]);
    expect(found.join()).not.toContain("too-short");
    expect(found.join()).not.toContain("guessable");
  });

  it.each(["a\nb", "a\u202eb", "a\u0000", "x".repeat(81), " "])("takes no name that people cannot read as one: %j", (name) => {
    expect(faults({ PUBLIC_NAME: name })).toMatchObject([expect.stringContaining("PUBLIC_NAME: found") as string]);
  });

  it.each(["http://shop.example/logo.png", "logo.png", "javascript:alert(1)", "data:image/png;base64,AA==", "https://a:b@shop.example/"])(
    "takes no logo that others cannot show: %s",
    (url) => {
      expect(faults({ PUBLIC_LOGO_URL: url })).toMatchObject([expect.stringContaining("https address of an image") as string]);
      expect(faults({ PUBLIC_LOGO_URL: url }).join()).not.toContain("a:b@");
    },
  );

  it("takes an admin key for machines of 32 characters and more", () => {
    const key = "k".repeat(32);
    expect(readSettings({ FRONTDESK_ADMIN_KEY: key }).adminKey).toBe(key);
    expect(readSettings({}).adminKey).toBeUndefined();
    expect(faults({ FRONTDESK_ADMIN_KEY: `${key.slice(1)} ` }).length).toBe(1);
  });
});
