import { InstalledFolder } from "./installed-folder.ts";

export const peers = new InstalledFolder("test/peers");
export const largePeers = new InstalledFolder("test/peers/servers");

/**
 * Where a third-party peer lies: `peer("@copilotkit/aimock/dist/index.js")`, or its folder for a name alone. The peers
 * are a package of their own (`test/peers`), so that the product installs without them.
 */
export function peer(path: string): Promise<string> {
  return peers.path(path);
}

/** The same for the servers that only `npm run peers` needs: a second package, since they are large. */
export function largePeer(path: string): Promise<string> {
  return largePeers.path(path);
}
