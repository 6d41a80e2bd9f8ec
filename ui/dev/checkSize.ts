import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Fails when the first route, with its styles, weighs more than 250 KB gzipped. */
const LIMIT = 250_000;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isEntry?: boolean;
}

const dist = new URL('../dist/', import.meta.url);
const manifest: Record<string, Chunk> = JSON.parse(
  readFileSync(new URL('.vite/manifest.json', dist), 'utf8'),
);

/** All files that the browser needs before it can show the first route. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry) ?? '';
const weight = [...filesOf(entry)]
  .map((file) => gzipSync(readFileSync(new URL(file, dist))).length)
  .reduce((sum, size) => sum + size, 0);
process.stdout.write(
  `first route: ${(weight / 1_000).toFixed(1)} KB gzipped of ${LIMIT / 1_000}\n`,
);
if (weight > LIMIT || weight === 0) process.exitCode = 1;
