import { lineMarks, problemText, summary } from './problems';

it.each([
  [{ slos: 3, problems: [] }, '3 SLOs, no problems'],
  // Go writes an empty list as null.
  [{ slos: 0, problems: null }, '0 SLOs, no problems'],
  [{ slos: 1, problems: [{ message: 'a' }] }, '1 SLO, 1 problem'],
  [{ slos: 2, problems: [{ message: 'a' }, { message: 'b' }] }, '2 SLOs, 2 problems'],
])('%j: %s', (validation, expected) => {
  expect(summary(validation)).toBe(expected);
});

it('says where a problem is', () => {
  expect(problemText({ document: 2, path: 'spec.target', message: 'must be a ratio' })).toBe(
    'document 2, spec.target: must be a ratio'
  );
  expect(problemText({ message: 'nothing here' })).toBe('nothing here');
});

it('marks lines that exist', () => {
  const marks = lineMarks(
    [{ line: 3, message: 'a' }, { line: 99, message: 'b', severity: 'warning' }, { message: 'c' }],
    5
  );
  expect(marks).toEqual([
    { line: 3, message: 'a', warning: false },
    { line: 5, message: 'b', warning: true },
    { line: 1, message: 'c', warning: false },
  ]);
});
