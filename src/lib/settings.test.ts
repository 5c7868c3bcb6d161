import { currencyProblem, delayProblem, durationProblem, intervalProblem } from './settings';

describe('durationProblem', () => {
  it.each(['', '30s', '1h', '28d', '1h30m', '500ms', '1y', '$lookback', '${__range}'])('accepts "%s"', (text) => {
    expect(durationProblem(text)).toBeUndefined();
  });

  it.each(['1', 'h', '1.5h', '30m1h', '1 h', '-1h', '1H', 'abc'])('explains how to write "%s"', (text) => {
    expect(durationProblem(text)).toContain(text);
  });

  it('rejects a duration of nothing', () => {
    expect(durationProblem('0s')).toContain('longer than zero');
  });
});

describe('intervalProblem', () => {
  it.each(['', '1m', '60s', '1h', '1m60000ms', '$__interval'])('accepts "%s"', (text) => {
    expect(intervalProblem(text)).toBeUndefined();
  });

  it.each(['30s', '1m30s', '500ms'])('rejects "%s"', (text) => {
    expect(intervalProblem(text)).toContain('whole number of minutes');
  });

  it('is a duration first', () => {
    expect(intervalProblem('abc')).toContain('abc');
  });
});

describe('delayProblem', () => {
  it.each(['', '0', '0s', '1m'])('accepts "%s"', (text) => {
    expect(delayProblem(text)).toBeUndefined();
  });

  it('rejects what is no duration', () => {
    expect(delayProblem('soon')).toContain('soon');
  });
});

describe('currencyProblem', () => {
  it.each(['', 'EUR', 'USD'])('accepts "%s"', (text) => {
    expect(currencyProblem(text)).toBeUndefined();
  });

  it.each(['eur', 'EURO', '€', 'E1R'])('rejects "%s"', (text) => {
    expect(currencyProblem(text)).toContain(text);
  });
});
