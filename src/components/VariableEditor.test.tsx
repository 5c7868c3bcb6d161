import { screen, waitFor } from '@testing-library/react';
import { choose, fakeDataSource, offered, renderEditor } from '../testing/render';
import { type StakesVariableQuery } from '../types';
import { VariableEditor } from './VariableEditor';

function setup(query: Partial<StakesVariableQuery> | string = { list: 'slo' }) {
  return renderEditor(VariableEditor, {
    query: (typeof query === 'string' ? query : { refId: 'A', ...query }) as StakesVariableQuery,
    datasource: fakeDataSource(),
    onChange: jest.fn(),
    onRunQuery: jest.fn(),
  });
}

it('gives a new variable a query', async () => {
  const { saved } = setup('');
  await waitFor(() => expect(saved()).toEqual({ refId: 'variable', list: 'slo' }));
});

it('lists something else', async () => {
  const { saved } = setup();
  await choose('List', /^Owners/);
  expect(saved()).toEqual({ refId: 'A', list: 'owner' });
});

it('asks for the label only where its values are listed', async () => {
  const { saved } = setup();
  expect(screen.queryByLabelText('Label')).toBeNull();
  await choose('List', /^Values of a label/);
  await choose('Label', 'tier');
  expect(saved()).toEqual({ refId: 'A', list: 'label', label: 'tier' });
  await choose('List', /^SLOs/);
  expect(saved()).toEqual({ refId: 'A', list: 'slo' });
});

it('follows another variable', async () => {
  const { saved, user } = setup();
  await user.type(await screen.findByLabelText('Services'), '$service{Enter}');
  expect(saved()).toEqual({ refId: 'A', list: 'slo', select: { service: ['$service'] } });
});

it('explains the lists, and offers those of journeys and objectives', async () => {
  const { saved } = setup();
  expect(await offered('List')).toHaveLength(6);
  await choose('List', /Objectives.*0\.999/);
  expect(saved()).toEqual({ refId: 'A', list: 'objective' });
});

it('follows a journey', async () => {
  const { saved } = setup();
  await choose('Journeys', /Buy something/);
  expect(saved()).toEqual({ refId: 'A', list: 'slo', select: { journey: ['buy'] } });
});
