// First: the base configuration reads the staged files as soon as it is imported.
import './scripts/stage-metadata.ts';
import type { Configuration } from 'webpack';
import { copyFilePatterns } from './.config/bundler/copyFiles.ts';
import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

// A missing licence, changelog or screenshot does not stop a build under development;
// scripts/check-bundle.mjs reports it before a release.
copyFilePatterns.forEach((pattern) => Object.assign(pattern, { noErrorOnMissing: true }));

const config = (env: Env): Promise<Configuration> => grafanaConfig(env);

export default config;
