import { isFromLaterVersion, shorten } from './query';

describe('shorten', () => {
  it('leaves out what says nothing', () => {
    const body = { version: 1, measures: [], by: undefined, window: '', select: { slo: [], labels: {} } };
    expect(shorten(body)).toEqual({ version: 1 });
  });

  it('keeps zero, false and members that it does not know', () => {
    const body = { version: 0, select: { journey: ['buy'] }, exact: false };
    expect(shorten(body)).toEqual(body);
  });
});

describe('isFromLaterVersion', () => {
  it.each([
    [{ refId: 'A' }, false],
    [{ refId: 'A', query: { version: 1 } }, false],
    [{ refId: 'A', query: { version: 2 } }, true],
  ])('%j: %s', (query, expected) => {
    expect(isFromLaterVersion(query)).toBe(expected);
  });
});
