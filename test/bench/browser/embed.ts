import type { Figure } from "../figure.ts";
export async function benchEmbed(): Promise<readonly Figure[]> {
  return [];
}
