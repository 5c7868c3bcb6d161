import { CoreApp, type DataSourceSettings, type PanelData } from '@grafana/data';
import { setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import React from 'react';
import { of } from 'rxjs';
import { vocabulary } from '../testing/fixtures';
import { fakeDataSource, renderEditor } from '../testing/render';
import { type StakesOptions, type StakesQuery, type StakesSecrets, type StakesVariableQuery } from '../types';
import { AnnotationEditor } from './AnnotationEditor';
import { ConfigEditor } from './ConfigEditor';
import { LazyHelp } from './LazyHelp';
import { QueryEditor } from './QueryEditor';
import { VariableEditor } from './VariableEditor';

expect.extend(toHaveNoViolations);

jest.mock('@grafana/ui', () => ({
  ...jest.requireActual('@grafana/ui'),
  CodeEditor: () => <textarea aria-label="Catalogue" />,
}));

const select = { slo: ['checkout-availability'], labels: { tier: 'gold' } };
const props = { datasource: fakeDataSource(), onChange: jest.fn(), onRunQuery: jest.fn() };

/**
 * Looks at everything on the page, as it stands. Landmarks are Grafana's, which is not here; the rules that a
 * test leaves out are broken by components of Grafana that the editors cannot do without.
 */
async function expectNoViolation(...leftOut: string[]) {
  const rules = Object.fromEntries(['region', ...leftOut].map((rule) => [rule, { enabled: false }]));
  expect(await axe(document.body, { rules })).toHaveNoViolations();
}

it.each(vocabulary.queryTypes.map(({ name }) => name))('the query editor asking %s', async (queryType) => {
  const query = { refId: 'A', queryType, query: { version: 1, select, measures: ['sli', 'burn_rate'] } };
  renderEditor(QueryEditor, { ...props, query: query as StakesQuery });
  await screen.findByLabelText('Question');
  await expectNoViolation();
});

it('the query editor with an open list', async () => {
  const query: StakesQuery = { refId: 'A', queryType: 'series', query: { version: 1, measures: ['sli'] } };
  const { user } = renderEditor(QueryEditor, { ...props, query });
  await user.click(await screen.findByLabelText('Measures'));
  await screen.findAllByRole('option');
  // Grafana's list can be scrolled by the keyboard, for which it has a focusable element around the options.
  await expectNoViolation('aria-required-children');
});

it('the query editor with errors and warnings', async () => {
  const data = {
    state: 'Error',
    series: [{ refId: 'A', fields: [], length: 0, meta: { notices: [{ severity: 'warning', text: 'careful' }] } }],
    errors: [
      { refId: 'A', message: 'there is no SLO "checkout-availability"' },
      { refId: 'A', message: 'the store is down' },
    ],
  } as unknown as PanelData;
  const query: StakesQuery = { refId: 'A', queryType: 'scorecard', query: { version: 1, select } };
  renderEditor(QueryEditor, { ...props, query, data, app: CoreApp.UnifiedAlerting });
  expect(await screen.findAllByRole('alert')).not.toHaveLength(0);
  await expectNoViolation();
});

it('a query that cannot be edited', async () => {
  renderEditor(QueryEditor, { ...props, query: { refId: 'A', queryType: 'oracle', query: { version: 1 } } });
  await screen.findByLabelText('Query as JSON');
  await expectNoViolation();
});

it('the variable editor', async () => {
  const query: StakesVariableQuery = { refId: 'A', list: 'label', label: 'tier', select };
  renderEditor(VariableEditor, { ...props, query });
  await screen.findByLabelText('Label');
  await expectNoViolation();
});

it('the annotation editor', async () => {
  renderEditor(AnnotationEditor, { ...props, query: { refId: 'Anno', queryType: 'incidents', query: { version: 1 } } });
  await screen.findByLabelText('Question');
  await expectNoViolation();
});

it('the help page', async () => {
  render(<LazyHelp datasource={props.datasource} query={{ refId: 'A' }} onClickExample={jest.fn()} />);
  await screen.findByText('Every question');
  await expectNoViolation();
});

it.each<[string, Partial<DataSourceSettings<StakesOptions, StakesSecrets>>]>([
  ['a new data source', { jsonData: {}, secureJsonFields: {} }],
  [
    'one with everything',
    {
      jsonData: { catalog: 'a', maxGroups: 9, discover: ['sloth'], catalogUrls: ['a'], currency: 'X' },
      secureJsonFields: { catalog: true },
    },
  ],
  ['one that was provisioned', { jsonData: { catalog: 'a' }, secureJsonFields: {}, readOnly: true }],
])('the config page of %s', async (_, members) => {
  const problems = [
    { line: 3, message: 'is wrong' },
    { message: 'is missing', severity: 'warning' },
  ];
  const data = { outline: [], names: { metrics: [], labels: [] }, validate: { slos: 1, problems } };
  const fetch = ({ url }: { url: string }) => of({ data: data[url.split('/').at(-1) as keyof typeof data] });
  setBackendSrv({ fetch } as unknown as BackendSrv);
  const options = { uid: 'u1', url: 'http://a', ...members } as DataSourceSettings<StakesOptions, StakesSecrets>;
  render(<ConfigEditor options={options} onOptionsChange={jest.fn()} />);
  await screen.findByRole('list', { name: 'Problems of the catalogue' });
  // plugin-ui's sub-sections are h6 below the h3 of its sections.
  await expectNoViolation('heading-order');
});
