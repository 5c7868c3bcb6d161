import {
  countProblem,
  currencyProblem,
  delayProblem,
  durationProblem,
  failuresProblem,
  intervalProblem,
  timeZones,
  urlsProblem,
  windowProblem,
} from './settings';

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

describe('failuresProblem', () => {
  it.each(['', '0.5 %', '0,5%', '2x', '1.5 ×', '$factor'])('accepts "%s"', (text) => {
    expect(failuresProblem(text)).toBeUndefined();
  });

  it.each(['0.5', 'x', '-1 %', '2 xx'])('refuses "%s"', (text) => {
    expect(failuresProblem(text)).toBe(`"${text}" is neither a share nor a multiple. Write it like 0.5 % or 2x.`);
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

describe('windowProblem', () => {
  it.each(['', '28d', 'month', '$window'])('accepts "%s"', (text) => {
    expect(windowProblem(text, ['day', 'month'])).toBeUndefined();
  });

  it.each([
    ['fortnight', '"fortnight" is not a window. Write a duration like 28d, or day or month.'],
    ['30s', 'The duration must be a whole number of minutes.'],
  ])('explains what is wrong with "%s"', (text, problem) => {
    expect(windowProblem(text, ['day', 'month'])).toBe(problem);
  });
});

describe('countProblem', () => {
  it.each(['', '1', '100000000'])('accepts "%s"', (text) => {
    expect(countProblem(text)).toBeUndefined();
  });

  it.each(['0', '-1', '1.5', 'many', '1e3'])('rejects "%s"', (text) => {
    expect(countProblem(text)).toContain(text);
  });
});

describe('urlsProblem', () => {
  it.each(['', 'https://example.com/slos.yaml', 'http://a/b\n\n https://c '])('accepts %j', (text) => {
    expect(urlsProblem(text)).toBeUndefined();
  });

  it.each(['example.com', 'file:///etc/passwd', 'https://'])('rejects %j among others', (text) => {
    expect(urlsProblem(`https://example.com\n${text}`)).toContain(`"${text}" is not an address`);
  });
});

it('knows the zones of the tz database, UTC first', () => {
  expect(timeZones()[0]).toBe('UTC');
  expect(timeZones()).toContain('Europe/Berlin');
  expect(new Set(timeZones()).size).toBe(timeZones().length);
});
