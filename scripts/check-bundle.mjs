/**
 * Checks that dist/ holds what Grafana and its catalogue need, and nothing that breaks on one of the
 * supported Grafana versions. Run it after `npm run build`; `node scripts/check-bundle.mjs <dir>` checks
 * another directory, such as an unpacked release.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const MAX_BYTES = 250 * 1024;
/** Only the editor of the catalogue calls this. */
const HEAVY = 'registerCompletionItemProvider';
const dist = process.argv[2] ?? 'dist';
const problems = [];

const exists = (name) => fs.existsSync(path.join(dist, name));
const read = (name) => (exists(name) ? fs.readFileSync(path.join(dist, name), 'utf8') : '');
const check = (ok, problem) => ok || problems.push(problem);

const bundle = read('module.js');
const dependencies = /define\((\[[^\]]*\])/.exec(bundle)?.[1];
check(dependencies, 'module.js is not an AMD module with a list of dependencies');
// React 18's jsx-runtime breaks under React 19 when it is bundled; imported, it is missing before Grafana 11.6.11.
check(
  !/react\/jsx-(dev-)?runtime/.test(dependencies ?? ''),
  'module.js depends on react/jsx-runtime: import React instead'
);
check(!bundle.includes('__SECRET_INTERNALS'), 'module.js contains a copy of React');

// A chunk that module.js fetches by its id is loaded when it is needed. Whatever else there is, every dashboard
// pays for: it counts with module.js.
const isScript = (name) => name.endsWith('.js') && name !== 'module.js';
const chunks = fs.existsSync(dist) ? fs.readdirSync(dist).filter(isScript) : [];
const isLazy = (name) => new RegExp(`\\.e\\(["']?${path.basename(name, '.js')}["']?\\)`).test(bundle);
const size = (name) => Buffer.byteLength(read(name));
const lazy = chunks.filter(isLazy);
const eager = ['module.js', ...chunks.filter((name) => !isLazy(name))];
const eagerBytes = eager.reduce((sum, name) => sum + size(name), 0);
check(eagerBytes < MAX_BYTES, `${eager.join(', ')} have ${eagerBytes} bytes, more than ${MAX_BYTES}`);
check(
  lazy.some((name) => read(name).includes(HEAVY)) && !eager.some((name) => read(name).includes(HEAVY)),
  'the editor of the catalogue is not loaded by itself'
);

const manifest = exists('plugin.json') ? JSON.parse(read('plugin.json')) : { info: {} };
const named = [
  ...Object.values(manifest.info.logos ?? {}),
  ...(manifest.info.screenshots ?? []).map((screenshot) => screenshot.path),
  ...(manifest.includes ?? []).flatMap((include) => include.path ?? []),
];
const always = ['plugin.json', 'module.js', 'module.js.map', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dashboards'];
for (const name of new Set([...always, ...named])) {
  check(exists(name), `${name} is missing`);
}
for (const name of ['plugin.json', 'README.md']) {
  check(!/%(VERSION|TODAY|PLUGIN_ID)%/.test(read(name)), `${name} still has a placeholder`);
}

if (problems.length > 0) {
  process.stderr.write(
    `${dist}: ${problems.length} problem(s)\n${problems.map((problem) => `  ${problem}\n`).join('')}`
  );
  process.exit(1);
}
const listed = (names) => names.map((name) => `${name} ${size(name)}`).join(', ');
process.stdout.write(
  `${dist}: ${eagerBytes} bytes are loaded at once (${listed(eager)}), depending on ${dependencies}; ` +
    `later, when they are needed: ${listed(lazy)}\n`
);
