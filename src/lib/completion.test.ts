import { complete, type Words } from './completion';

const words: Words = {
  outlines: [
    {
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      fields: [
        { name: 'apiVersion' },
        { name: 'kind' },
        {
          name: 'metadata',
          fields: [{ name: 'name' }, { name: 'annotations', fields: [{ name: 'stakes/minEvents' }] }],
        },
        {
          name: 'spec',
          fields: [
            { name: 'service' },
            {
              name: 'objectives',
              list: true,
              fields: [{ name: 'target' }, { name: 'op', values: ['lt', 'gte'] }, { name: 'value' }],
            },
            { name: 'timeWindow', list: true, fields: [{ name: 'duration' }, { name: 'isRolling' }] },
          ],
        },
      ],
    },
    {
      apiVersion: 'stakes/v1',
      kind: 'Agreement',
      fields: [{ name: 'spec', fields: [{ name: 'select', fields: [{ name: 'slo' }] }, { name: 'promise' }] }],
    },
    {
      apiVersion: 'stakes/v1',
      kind: 'Incident',
      fields: [
        {
          name: 'spec',
          fields: [
            { name: 'kind', values: ['fine', 'outage'] },
            { name: 'cost', fields: [{ name: 'low' }, { name: 'base' }, { name: 'high' }] },
          ],
        },
      ],
    },
  ],
  names: { metrics: ['http_requests_total', 'job:errors:rate5m'], labels: ['code', 'job'] },
};

/** The suggestions where the text has its bar. */
function at(text: string) {
  const [before] = text.split('¦');
  const lines = before.split('\n');
  const { typed, suggestions } = complete(text.replace('¦', ''), lines.length, lines.at(-1)!.length + 1, words);
  return { typed, texts: suggestions.map((suggestion) => suggestion.text) };
}

const INCIDENT = 'apiVersion: stakes/v1\nkind: Incident\n';
const SLO = 'apiVersion: openslo/v1\nkind: SLO\n';

it.each<[string, string, string[]]>([
  ['the fields of any document where nothing is said', '¦', ['apiVersion: ', 'kind: ', 'metadata: ', 'spec: ']],
  ['versions', 'apiVersion: ¦', ['openslo/v1', 'stakes/v1']],
  ['the kinds of the version', 'apiVersion: stakes/v1\nkind: ¦', ['Agreement', 'Incident']],
  ['every kind where no version is said', 'kind: ¦', ['SLO', 'Agreement', 'Incident']],
  ['the fields that are not there yet', `${SLO}¦`, ['metadata: ', 'spec: ']],
  ['fields that stand below others', `${SLO}spec:\n  ¦`, ['service: ', 'objectives: ', 'timeWindow: ']],
  ['fields beside others', `${SLO}spec:\n  service: a\n  ¦\n  timeWindow:\n`, ['objectives: ']],
  ['fields of the items of a list', `${SLO}spec:\n  objectives:\n    - ¦`, ['target: ', 'op: ', 'value: ']],
  ['further fields of an item', `${SLO}spec:\n  objectives:\n    - target: 0.9\n      ¦`, ['op: ', 'value: ']],
  [
    'fields of a second item',
    `${SLO}spec:\n  objectives:\n    - target: 0.9\n      op: gte\n    - ¦`,
    ['target: ', 'op: ', 'value: '],
  ],
  ['annotations', `${SLO}metadata:\n  annotations:\n    ¦`, ['stakes/minEvents: ']],
  ['nothing below a field that it does not know', `${SLO}spec:\n  other:\n    ¦`, []],
  ['metrics in a query', `${SLO}spec:\n  query: sum(rate(¦`, ['http_requests_total', 'job:errors:rate5m']],
  ['labels in braces', `${SLO}spec:\n  query: up{code="5..", ¦`, ['code', 'job']],
  ['labels to group by', `${SLO}spec:\n  query: sum by (¦`, ['code', 'job']],
  ['nothing in quotes', `${SLO}spec:\n  query: up{code="¦`, []],
  ['metrics after braces', `${SLO}spec:\n  query: up{a="b"} / ¦`, ['http_requests_total', 'job:errors:rate5m']],
  ['metrics in a block of text', `${SLO}spec:\n  query: |\n    sum(¦`, ['http_requests_total', 'job:errors:rate5m']],
  ['nothing in another block of text', `${SLO}spec:\n  description: |\n    sum(¦`, []],
  ['the values of a field that takes one of a few', `${SLO}spec:\n  objectives:\n    - op: ¦`, ['lt', 'gte']],
  ['the values of a kind that is not the document’s', `${INCIDENT}spec:\n  kind: ¦`, ['fine', 'outage']],
  ['estimates on lines of their own', `${INCIDENT}spec:\n  cost:\n    ¦`, ['low: ', 'base: ', 'high: ']],
  ['estimates in one line', `${INCIDENT}spec:\n  cost: {¦`, ['low: ', 'base: ', 'high: ']],
  ['the estimates that are not there yet', `${INCIDENT}spec:\n  cost: {low: 1, ¦`, ['base: ', 'high: ']],
  ['nothing for an estimate', `${INCIDENT}spec:\n  cost: {low: ¦`, []],
  ['nothing for a number', `${SLO}spec:\n  objectives:\n    - target: ¦`, []],
])('offers %s', (_, text, expected) => {
  expect(at(text).texts).toEqual(expected);
});

it('offers the SLOs that the text defines', () => {
  const slo = 'apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: orders\n';
  const agreement = 'apiVersion: stakes/v1\nkind: Agreement\nspec:\n  select:\n    slo: [¦]';
  expect(at(`${slo}---\n${agreement}`).texts).toEqual(['orders']);
});

it('keeps documents apart', () => {
  const first = `${SLO}spec:\n  service: a\n`;
  expect(at(`${first}---\napiVersion: stakes/v1\nkind: Agreement\nspec:\n  ¦\n---\n${SLO}`).texts).toEqual([
    'select: ',
    'promise: ',
  ]);
});

it.each([
  ['spec:\n  query: sum(rate(job:err¦', 'job:err'],
  ['metadata:\n  annotations:\n    stakes/min¦', 'stakes/min'],
  ['apiVersion: opens¦', 'opens'],
  [`${INCIDENT}spec:\n  kind: out¦`, 'out'],
  [`${INCIDENT}spec:\n  cost: {low: 1, ba¦`, 'ba'],
])('replaces what was typed: %s', (text, typed) => {
  expect(at(text).typed).toBe(typed);
});
