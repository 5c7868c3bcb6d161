import { screen } from '@testing-library/react';
import { choose, fakeDataSource, offered, renderEditor } from '../testing/render';
import { type StakesQuery } from '../types';
import { AnnotationEditor } from './AnnotationEditor';

function setup(query: Partial<StakesQuery> = { queryType: 'incidents', query: { version: 1 } }) {
  return renderEditor(AnnotationEditor, {
    query: { refId: 'Anno', ...query } as StakesQuery,
    datasource: fakeDataSource(),
    onChange: jest.fn(),
    onRunQuery: jest.fn(),
  });
}

it('asks for incidents of chosen SLOs, and for nothing else', async () => {
  const { saved } = setup();
  expect(await offered('Question')).toEqual(['What about incidents?All about incidents']);
  await choose('SLOs', /Checkout works/);
  expect(saved()).toEqual({
    refId: 'Anno',
    queryType: 'incidents',
    query: { version: 1, select: { slo: ['checkout-availability'] } },
  });
});

it('says that another question makes no annotations', async () => {
  setup({ queryType: 'series', query: { version: 1 } });
  expect(await screen.findByText(/Annotations cannot be made of this question/)).toBeVisible();
});
