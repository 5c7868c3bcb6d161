import { type PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig } from '@playwright/test';
import fs from 'node:fs';

const baseURL = process.env.GRAFANA_URL;

/** A browser of the machine; Playwright's own where there is none. */
const browser = [process.env.CHROMIUM ?? '/usr/bin/chromium'].find((name) => fs.existsSync(name));

export default defineConfig<PluginOptions>({
  testDir: '.',
  outputDir: '../playwright/results',
  // Tests share one Grafana, and some of its settings.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL,
    viewport: { width: 1500, height: 1100 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browser,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    },
  },
});
