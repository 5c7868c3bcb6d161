import { QUERY_VERSION, type QueryBody } from '../types';
import { isFromLaterVersion, migrate, shorten } from './query';

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

describe('migrate', () => {
  it('takes a query without a version for one of the first, and keeps all that it says', () => {
    const written = { measures: ['sli'], oddity: 7 } as unknown as QueryBody;
    expect(migrate({ refId: 'A', queryType: 'series', query: written })).toEqual({
      refId: 'A',
      queryType: 'series',
      query: { version: QUERY_VERSION, measures: ['sli'], oddity: 7 },
    });
  });

  it.each([
    [{ refId: 'A' }],
    [{ refId: 'A', query: { version: QUERY_VERSION } }],
    [{ refId: 'A', query: { version: 9 } }],
  ])('leaves %j as it is', (query) => {
    expect(migrate(query)).toBe(query);
  });

  it('changes nothing of what it is given', () => {
    const query = Object.freeze({ refId: 'A', query: Object.freeze({ version: 0 }) });
    expect(migrate(query).query).toEqual({ version: QUERY_VERSION });
    expect(migrate(migrate(query))).toEqual(migrate(query));
  });
});
