import { addDocument } from './documents';
import { TEMPLATES, type TemplateId } from './templates';

const template = (id: TemplateId) => TEMPLATES.find((candidate) => candidate.id === id)!;

it('starts an empty catalogue', () => {
  const { text, line } = addDocument(' \n', template('ratio'));
  expect(text).toMatch(/^# Replace the two queries/);
  expect(text).toContain('  name: prometheus-availability\n');
  expect(line).toBe(1);
});

it('adds a document below the others, and says where it starts', () => {
  const { text, line } = addDocument('a: 1\n\n', template('ratio'));
  expect(text).toMatch(/^a: 1\n---\n# Replace/);
  expect(text.split('\n')[line - 1]).toMatch(/^# Replace/);
});

it('finds a free name for a second one of its kind', () => {
  const twice = addDocument(addDocument('', template('ratio')).text, template('ratio')).text;
  expect(addDocument(twice, template('ratio')).text.match(/^ {2}name: .*$/gm)).toEqual([
    '  name: prometheus-availability',
    '  name: prometheus-availability-2',
    '  name: prometheus-availability-3',
  ]);
});

it('points at SLOs that the catalogue has', () => {
  const two = addDocument(addDocument('', template('ratio')).text, template('probe')).text;
  const { text } = addDocument(two, template('journey'));
  expect(text).toContain('slo: prometheus-availability}');
  expect(text).toContain('slo: prometheus-reachable}');
  expect(addDocument('', template('value')).text).toContain('slo: [name-of-an-slo]');
});

it('leaves nothing to be filled in', () => {
  for (const each of TEMPLATES) {
    expect(addDocument('', each).text).not.toMatch(/NAME|FIRST|SECOND/);
  }
});
