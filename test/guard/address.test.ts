import { describe, expect, it } from "vitest";
import { addressOf, networkOf } from "../../server/guard/network/address.ts";

function request(peer: string, forwarded?: string): Parameters<typeof addressOf>[0] {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return { headers, socket: { remoteAddress: peer } } as Parameters<typeof addressOf>[0];
}

describe("addressOf", () => {
  it("believes no header when no proxy is trusted", () => {
    expect(addressOf(request("192.0.2.1", "198.51.100.7"), 0)).toBe("192.0.2.1");
  });

  it("takes what the trusted proxy wrote, not what the client invented before it", () => {
    expect(addressOf(request("10.0.0.1", "1.2.3.4, 198.51.100.7"), 1)).toBe("198.51.100.7");
    expect(addressOf(request("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2"), 2)).toBe("198.51.100.7");
  });

  it("stays with the outermost entry when there are fewer than proxies", () => {
    expect(addressOf(request("10.0.0.1", "198.51.100.7"), 3)).toBe("198.51.100.7");
    expect(addressOf(request("10.0.0.1"), 1)).toBe("10.0.0.1");
  });

  it("reads entries with ports, and falls back to the peer for what is no address", () => {
    expect(addressOf(request("10.0.0.1", "198.51.100.7:4711"), 1)).toBe("198.51.100.7");
    expect(addressOf(request("10.0.0.1", "[2001:db8::1]:4711"), 1)).toBe("2001:db8::1");
    expect(addressOf(request("10.0.0.1", "unknown"), 1)).toBe("10.0.0.1");
  });
});

describe("networkOf", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("counts %s as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
