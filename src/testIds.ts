/** Where tests in a real Grafana find our parts of a page. */
export const testIds = {
  queryEditor: 'stakes-query-editor',
  settings: 'stakes-settings',
};
