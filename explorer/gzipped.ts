import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(js|css|svg|ttf)$/;
const compress = promisify(gzip);

/** Lay a compressed copy, `NAME.js.gz`, beside each asset. */
export function gzipped(): Plugin {
  return {
    name: "gzipped",
    apply: "build",
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      const names = await readdir(dir, { recursive: true });
      const assets = names.filter((name) => COMPRESSIBLE.test(name));
      await Promise.all(assets.map((name) => lay(join(dir, name))));
    },
  };
}

async function lay(path: string): Promise<void> {
  await writeFile(`${path}.gz`, await compress(await readFile(path), { level: 9 }));
}
