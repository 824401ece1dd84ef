import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A built file: its name, its size as sent, and how a page checks that it is the right one. */
export interface Asset {
  readonly file: string;
  readonly bytes: number;
  readonly brotliBytes: number;
  readonly gzipBytes: number;
  /** For an `integrity` attribute: SHA-384. */
  readonly integrity: string;
  readonly contents: string | Uint8Array;
}

export async function describe(file: string, contents: string | Uint8Array): Promise<Asset> {
  const [brotli, zipped] = await Promise.all([toBrotli(contents), toGzip(contents)]);
  const integrity = `sha384-${createHash("sha384").update(contents).digest("base64")}`;
  return { file, bytes: Buffer.byteLength(contents), brotliBytes: brotli.length, gzipBytes: zipped.length, integrity, contents };
}

/** Writes the file with its `.br` and `.gz` beside it. */
export async function writeCompressed(path: string, { contents }: Asset): Promise<void> {
  const [brotli, zipped] = await Promise.all([toBrotli(contents), toGzip(contents)]);
  await Promise.all([writeFile(path, contents), writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, zipped)]);
}

function toBrotli(contents: string | Uint8Array): Promise<Buffer> {
  const size = Buffer.byteLength(contents);
  return promisify(brotliCompress)(contents, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_GENERIC,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
      // Enough for every file here, and a few bytes less than the default.
      [constants.BROTLI_PARAM_LGWIN]: 18,
    },
  });
}

function toGzip(contents: string | Uint8Array): Promise<Buffer> {
  return promisify(gzip)(contents, { level: 9 });
}
