import { render, screen } from '@testing-library/react';
import React from 'react';
import { vocabulary } from '../testing/fixtures';
import { fakeDataSource, person } from '../testing/render';
import { LazyHelp } from './LazyHelp';

function setup(answers?: Parameters<typeof fakeDataSource>[0]) {
  const onClickExample = jest.fn();
  render(<LazyHelp datasource={fakeDataSource(answers)} query={{ refId: 'B' }} onClickExample={onClickExample} />);
  return { onClickExample };
}

it('asks an example that is clicked, or chosen by the keyboard', async () => {
  const { onClickExample } = setup();
  const user = person();
  await user.click(await screen.findByRole('button', { name: 'How fast has the error budget been spent?' }));
  expect(onClickExample).toHaveBeenLastCalledWith({
    refId: 'B',
    queryType: 'series',
    query: { version: 1, measures: ['burn_rate'], lookback: '1h' },
  });
  screen.getByRole('button', { name: 'Which services keep their promises?' }).focus();
  await user.keyboard('{Enter}');
  expect(onClickExample).toHaveBeenLastCalledWith({
    refId: 'B',
    queryType: 'scorecard',
    query: { version: 1, by: 'service' },
  });
});

it('offers every question in the words of the backend, and explains every measure', async () => {
  const { onClickExample } = setup();
  await person().click(await screen.findByRole('button', { name: 'What about number?' }));
  expect(onClickExample).toHaveBeenCalledWith({
    refId: 'B',
    queryType: 'number',
    query: { version: 1, measures: ['budget_remaining'] },
  });
  for (const { question, words } of vocabulary.queryTypes) {
    expect(screen.getByRole('button', { name: question })).toBeVisible();
    expect(screen.getByText(words)).toBeVisible();
  }
  expect(screen.getByText('Burn rate [x]')).toBeVisible();
  expect(screen.getByText('How fast it goes')).toBeVisible();
});

it('gives no example that the backend cannot answer', async () => {
  setup();
  await screen.findByText('Examples to start from');
  // The fixtures have no measure of money.
  expect(screen.queryByText('What did failures cost?')).toBeNull();
});

it('says when the words cannot be loaded', async () => {
  setup({ vocabulary: () => Promise.reject(new Error('connection refused')) });
  expect(await screen.findByText(/could not load the vocabulary: connection refused/)).toBeVisible();
});
