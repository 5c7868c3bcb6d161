// Tests do not depend on the time zone of the machine that runs them.
process.env.TZ = 'UTC';

const base = require('./.config/jest.config');
const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

const [[, transformer]] = Object.entries(base.transform);

module.exports = {
  ...base,
  // Typing into Grafana's selects is slow in jsdom.
  testTimeout: 30000,
  // Some dependencies of Grafana's packages come as ES modules only, d3-color even in .mjs files.
  transform: { '^.+\\.(mjs|[tj]sx?)$': transformer },
  transformIgnorePatterns: [nodeModulesToTransform([...grafanaESModules, '@marcbachmann'])],
  // A staged plugin.json is a copy, and dist/ holds another.
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
