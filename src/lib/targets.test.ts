import { costProblem, parseTargets, targetOf, targetsProblem, targetsText } from './targets';

it.each<[string, Array<number | string>, string]>([
  ['99.9, 99.95', [0.999, 0.9995], '99.9, 99.95'],
  ['99.99 %; 95%', [0.9999, 0.95], '99.99, 95'],
  // 99.95 / 100 is 0.9995000000000001 in floating point.
  ['99.95', [0.9995], '99.95'],
  ['$target 99', ['$target', 0.99], '$target, 99'],
  ['', [], ''],
])('reads "%s" as ratios and shows them as percent', (text, ratios, shown) => {
  expect(targetsProblem(text)).toBeUndefined();
  expect(parseTargets(text)).toEqual(ratios);
  expect(targetsText(ratios)).toBe(shown);
});

it.each([
  ['100', '100'],
  ['99.9, 0', '0'],
  ['99.9, high', 'high'],
  ['-1', '-1'],
])('explains what is wrong with "%s"', (text, named) => {
  expect(targetsProblem(text)).toContain(`"${named}" is not a target`);
});

it.each(['99,9', '99,9 %', '95; 99,95', '99,9,95'])('asks what the comma in "%s" means', (text) => {
  expect(targetsProblem(text)).toMatch(/"\d+,\d+" can be read as one target or as two\. Write \d+\.\d+, or \d+, \d+/);
});

it.each(['99.9,99.95', '99, 95', '99.9,$target', '99.9,95'])('knows that the comma in "%s" divides', (text) => {
  expect(targetsProblem(text)).toBeUndefined();
});

it.each(['', '20000', '1250.50', '$cost', ' 7 '])('takes "%s" as a cost', (text) => {
  expect(costProblem(text)).toBeUndefined();
});

it.each(['plenty', '-1', '20,000', '20 k'])('explains that "%s" is not a cost', (text) => {
  expect(costProblem(text)).toContain(`"${text}" is not an amount of money`);
});

it.each<[string, number | string]>([
  ['0.9995', 0.9995],
  ['99.95', 0.9995],
  ['99.95 %', 0.9995],
  ['$target', '$target'],
  ['', ''],
])('takes the value "%s" of a variable for %j', (value, target) => {
  expect(targetOf(value)).toBe(target);
});
