/** What customers read of us at the service that they sign in to. */
import { describe, expect, it } from "vitest";
import { clientDocument } from "../../server/oauth/client-metadata.ts";
import { start as startedServer } from "../http/server-harness.ts";
import { connectionsStage } from "../support/connections-stage.ts";
import { ADA, auth, connect, mcp } from "./hostile-harness.ts";

const registered = (): unknown => {
  const body = auth.requests.find(({ path }) => path === "/register")?.body;
  return body === undefined ? undefined : JSON.parse(body);
};

describe("the name at another service", () => {
  it("is the host of this installation, where it has no other", async () => {
    await connect();
    expect(registered()).toMatchObject({ client_name: "localhost:4400" });
    expect(registered()).not.toHaveProperty("logo_uri");
    expect(clientDocument("https://desk.example")).toMatchObject({ client_name: "desk.example", client_uri: "https://desk.example" });
    expect(clientDocument("https://desk.example")).not.toHaveProperty("logo_uri");
  });

  it("is what the operator says, with a logo", async () => {
    const appearance = { name: "Lull Pottery", logoUrl: "https://shop.example/logo.png" };
    const stage = connectionsStage([{ key: "orders", name: "Orders", url: `${mcp.url}/mcp` }], { appearance });
    const settings = stage.settings.get("orders")!;
    await stage.flow.start({ settings, owner: ADA, scopes: [] });
    const said = { client_name: "Lull Pottery", logo_uri: "https://shop.example/logo.png" };
    expect(registered()).toMatchObject(said);
    expect(clientDocument("https://desk.example", appearance)).toMatchObject(said);
  });

  it("is in the document that services read, as the environment says", async () => {
    const environment = {
      PUBLIC_URL: "https://desk.example",
      PUBLIC_NAME: "Lull Pottery",
      PUBLIC_LOGO_URL: "https://shop.example/logo.png",
    };
    const { url } = await startedServer({ environment });
    expect(await (await fetch(`${url}/oauth/client.json`)).json()).toMatchObject({
      client_id: "https://desk.example/oauth/client.json",
      client_name: "Lull Pottery",
      logo_uri: "https://shop.example/logo.png",
    });
  });
});
