import { AnnotationEventFieldSource, FieldType, toDataFrame, type AnnotationEventMappings } from '@grafana/data';
import { annotationEvents, annotationQuery, prepareAnnotation, type StakesAnnotation } from './annotations';

const annotation = (members: Partial<StakesAnnotation> = {}): StakesAnnotation => ({
  name: 'Incidents',
  enable: true,
  iconColor: 'red',
  ...members,
});

describe('prepareAnnotation', () => {
  it('asks a new annotation for incidents', () => {
    expect(prepareAnnotation(annotation()).target).toEqual({
      refId: 'Anno',
      queryType: 'incidents',
      query: { version: 1 },
    });
  });

  it('keeps what one without a question selects', () => {
    const query = { version: 1, select: { slo: ['a'] } };
    expect(prepareAnnotation(annotation({ target: { refId: 'X', query } })).target).toEqual({
      refId: 'Anno',
      queryType: 'incidents',
      query,
    });
  });

  it.each([
    [annotation({ target: { refId: 'Anno', queryType: 'incidents' } })],
    [annotation({ query: { kind: 'stakes', spec: { refId: 'Anno', queryType: 'incidents' } } })],
  ])('leaves %j as it is', (saved) => {
    expect(prepareAnnotation(saved)).toBe(saved);
    expect(annotationQuery(saved)).toEqual({ refId: 'Anno', queryType: 'incidents' });
  });
});

describe('annotationEvents', () => {
  const titled = (displayNameFromDS: string) => ({ displayNameFromDS });
  const frame = toDataFrame({
    refId: 'Anno',
    fields: [
      { name: 'time', type: FieldType.time, values: [1000, 5000], config: titled('Start') },
      { name: 'timeEnd', type: FieldType.time, values: [2000, null], config: titled('End') },
      { name: 'slo', type: FieldType.string, values: ['checkout', 'search'] },
      { name: 'title', type: FieldType.string, values: ['Checkout', 'Search'], config: titled('Name') },
      { name: 'text', type: FieldType.string, values: ['9 failed', '3 failed'], config: titled('What happened') },
      { name: 'tags', type: FieldType.string, values: ['shop, gold', ''] },
      { name: 'id', type: FieldType.string, values: ['a', 'b'] },
    ],
  });
  const events = (mappings?: AnnotationEventMappings) => annotationEvents(annotation({ mappings }), [frame]);

  it('takes the columns by name, whatever people read above them', () => {
    expect(events()).toEqual([
      { time: 1000, timeEnd: 2000, title: 'Checkout', text: '9 failed', tags: ['shop', 'gold'], id: 'a' },
      { time: 5000, title: 'Search', text: '3 failed', id: 'b' },
    ]);
  });

  it('follows the mappings of the user', () => {
    const [first] = events({
      title: { source: AnnotationEventFieldSource.Text, value: 'Trouble' },
      text: { value: 'What happened', regex: '(\\d+)' },
      timeEnd: { source: AnnotationEventFieldSource.Skip },
      tags: { value: 'slo' },
    });
    expect(first).toEqual({ time: 1000, title: 'Trouble', text: '9', tags: ['checkout'], id: 'a' });
  });

  it('makes nothing of an answer without times', () => {
    const timeless = toDataFrame({ fields: [{ name: 'text', type: FieldType.string, values: ['a'] }] });
    expect(annotationEvents(annotation(), [timeless])).toEqual([]);
  });
});
