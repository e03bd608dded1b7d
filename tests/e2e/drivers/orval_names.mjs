// Prints the names of the tools in the servers that orval generates from OpenAPI documents: for each a list, or its error.
import { generate } from 'orval';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

console.log = () => {};
console.error = () => {};
const found = [];
for (const path of process.argv.slice(2)) {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'orval-'));
    await generate({
      input: { target: path, validation: false },
      output: { mode: 'single', client: 'mcp', baseUrl: 'http://127.0.0.1:9', target: join(folder, 'handlers.ts') },
    });
    const server = readFileSync(join(folder, 'server.ts'), 'utf-8');
    found.push([...server.matchAll(/^server\.tool\(\n {2}'([^\n]*)',$/gm)].map((match) => match[1]));
  } catch (error) {
    found.push(String(error.message).slice(0, 500));
  }
}
process.stdout.write('\n' + JSON.stringify(found));
