/**
 * Copies plugin.json and dashboards/, which live at the top level of the repository, to the place where
 * Grafana's build configuration reads them. The copies are ignored by git.
 */
import fs from 'fs';
import path from 'path';

const root = process.cwd();
const stagedDashboards = path.join(root, 'src', 'dashboards');

fs.copyFileSync(path.join(root, 'plugin.json'), path.join(root, 'src', 'plugin.json'));

// A dashboard that was removed or renamed must not stay behind in the copy.
fs.rmSync(stagedDashboards, { recursive: true, force: true });
if (fs.existsSync(path.join(root, 'dashboards'))) {
  fs.cpSync(path.join(root, 'dashboards'), stagedDashboards, { recursive: true });
}
