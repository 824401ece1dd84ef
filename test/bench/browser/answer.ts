import type { Figure } from "../figure.ts";
export async function benchAnswer(): Promise<readonly Figure[]> {
  return [];
}
