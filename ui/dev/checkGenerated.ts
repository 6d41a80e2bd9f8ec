import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import config from '../openapi-ts.config.ts';

/** Fails when the committed client is not what docs/openapi.json makes. */
const committed = fileURLToPath(new URL('../src/api/generated', import.meta.url));
const made = mkdtempSync(join(tmpdir(), 'metricx-client-'));

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

const textOf = (folder: string, file: string) => {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return null;
  }
};

try {
  await createClient({ ...(await config), output: { path: made }, logs: { level: 'silent' } });
  const files = new Set([...filesOf(made), ...filesOf(committed)]);
  const differ = [...files].filter((file) => textOf(made, file) !== textOf(committed, file));
  process.stdout.write(`client: ${files.size} files, ${differ.length} differ\n`);
  if (differ.length > 0 || filesOf(made).length === 0) {
    process.stdout.write(
      `${differ.join('\n')}\nRun \`npm run generate\` and commit what it made.\n`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(made, { recursive: true });
}
