// Ends non-zero unless the document, given by its path, has no errors by AsyncAPI's own parser.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const [file, modules] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, 'package.json'));
const { Parser } = require('@asyncapi/parser');

const { document, diagnostics } = await new Parser().parse(await readFile(file, 'utf8'));
const errors = diagnostics.filter(diagnostic => diagnostic.severity === 0);
for (const { severity, message, path: where } of diagnostics) {
  console.log(`${severity === 0 ? 'error' : 'note'}: ${message} (at ${where.join('/')})`);
}
if (!document || errors.length > 0) {
  console.error(`${file} is not valid`);
  process.exit(1);
}
console.log(`${file} is valid: AsyncAPI ${document.version()}, ${document.channels().length} channels,`
  + ` ${document.operations().length} operations, ${document.messages().length} messages`);
