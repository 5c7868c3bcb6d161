import { vocabulary } from '../testing/fixtures';
import { bodyForQuestion, controlsFor, findQuestion } from './vocabulary';

describe('controlsFor', () => {
  const shown = (queryType: string, measures?: string[], words = vocabulary, scenario?: string) =>
    Object.entries(controlsFor(words, queryType, { measures, scenario }))
      .filter(([, visible]) => visible)
      .map(([name]) => name);

  it('shows the lookback only where a chosen measure has one', () => {
    expect(shown('series', ['sli'])).toEqual(['select', 'measures', 'by', 'window']);
    expect(shown('series', ['sli', 'burn_rate'])).toContain('lookback');
    expect(shown('series', ['measure-of-a-later-version'])).toContain('lookback');
  });

  it('shows the lookback of a question that takes no measures', () => {
    expect(shown('scorecard')).toEqual(['select', 'by', 'lookback', 'window']);
  });

  it('shows the audience only when there is a choice', () => {
    expect(shown('statement')).toEqual(['select', 'window', 'locale']);
    const audiences = [...vocabulary.audiences, { name: 'engineer', title: 'Engineer' }];
    expect(shown('statement', [], { ...vocabulary, audiences })).toEqual(['select', 'window', 'audience', 'locale']);
  });

  it('asks how many fail where the scenario is one of their own, or may be', () => {
    expect(shown('forecast', [], vocabulary, 'quiet')).not.toContain('failures');
    expect(shown('forecast', [], vocabulary, 'my-own')).toContain('failures');
    expect(shown('forecast', [], vocabulary, '$scenario')).toContain('failures');
    expect(shown('scorecard', [], vocabulary, 'my-own')).not.toContain('failures');
  });

  it.each([
    ['number', ['sli'], ['select', 'measures', 'by', 'pool', 'window']],
    ['history', undefined, ['select', 'period', 'format']],
    ['alert', undefined, ['select', 'window', 'format']],
    ['forecast', undefined, ['select', 'window', 'horizon', 'scenario']],
    ['whatif', undefined, ['select', 'window', 'targets', 'cost']],
    ['catalog', undefined, []],
  ])('shows for %s what the vocabulary flags', (queryType, measures, expected) => {
    expect(shown(queryType, measures)).toEqual(expected);
  });

  it('offers no choice where an older backend gives no list', () => {
    expect(shown('history', [], { ...vocabulary, periods: undefined })).toEqual(['select', 'format']);
  });

  it('shows everything without the words of the backend', () => {
    const { format, ...others } = controlsFor(undefined, 'series');
    expect(Object.values(others)).not.toContain(false);
    // What the forms of an answer are belongs to the question.
    expect(format).toBe(false);
  });
});

describe('bodyForQuestion', () => {
  const body = { version: 1, select: { slo: ['a'] }, measures: ['sli'], lookback: '1h', window: '7d' };

  it('keeps the SLOs and what matters to the new question', () => {
    expect(bodyForQuestion(body, findQuestion(vocabulary, 'catalog')!, [])).toEqual({
      version: 1,
      select: { slo: ['a'] },
    });
    expect(bodyForQuestion(body, findQuestion(vocabulary, 'number')!, ['burn_rate'])).toEqual(body);
  });

  it('keeps a format that the new question has too', () => {
    const formatted = { version: 1, format: 'table', period: 'day' };
    expect(bodyForQuestion(formatted, findQuestion(vocabulary, 'alert')!, [])).toEqual({ version: 1, format: 'table' });
    expect(bodyForQuestion(formatted, findQuestion(vocabulary, 'whatif')!, [])).toEqual({ version: 1 });
  });

  it('keeps a scenario and its failures for a question that has scenarios', () => {
    const assuming = { version: 1, scenario: 'my-own', failures: '2x' };
    expect(bodyForQuestion(assuming, findQuestion(vocabulary, 'forecast')!, [])).toEqual(assuming);
    expect(bodyForQuestion(assuming, findQuestion(vocabulary, 'whatif')!, [])).toEqual({ version: 1 });
  });

  it('starts with a measure where the new question needs one', () => {
    const question = findQuestion(vocabulary, 'number')!;
    expect(bodyForQuestion({ version: 1 }, question, ['burn_rate']).measures).toEqual(['burn_rate']);
  });
});
