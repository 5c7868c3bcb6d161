import { texts } from '../texts';

/** Units from large to small, each at most once, as Prometheus writes durations: 1h30m. */
const DURATION = /^(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const MINUTE_MS = 60_000;

/** Says what is wrong with a duration, in words; nothing when it is fine. Blank and variables are fine. */
export function durationProblem(text: string): string | undefined {
  if (text === '' || text.includes('$')) {
    return undefined;
  }
  if (!DURATION.test(text)) {
    return texts.problems.duration(text);
  }
  return /[1-9]/.test(text) ? undefined : texts.problems.zeroDuration;
}

/** The same for the intervals that events are counted over: the backend counts by the minute. */
export function intervalProblem(text: string): string | undefined {
  const [, seconds = 0, milliseconds = 0] = DURATION.exec(text) ?? [];
  const rest = (Number(seconds) * 1000 + Number(milliseconds)) % MINUTE_MS;
  return durationProblem(text) ?? (rest > 0 ? texts.problems.partOfMinute : undefined);
}

/** The same for a window, which may also be a unit of the calendar. */
export function windowProblem(text: string, units: string[]): string | undefined {
  if (units.includes(text)) {
    return undefined;
  }
  return DURATION.test(text) ? intervalProblem(text) : durationProblem(text) && texts.problems.window(text, units);
}

/** The same for a delay, which may be nothing at all. */
export function delayProblem(text: string): string | undefined {
  return text === '0' || text === '0s' ? undefined : durationProblem(text);
}

/** A number, and whether it is a share in percent or a multiple. */
const FAILURES = /^\d+(?:[.,]\d+)? *[%x×]$/;

/** Says what is wrong with how many are to fail, in words; nothing when it is fine. Blank and variables are fine. */
export function failuresProblem(text: string): string | undefined {
  return text === '' || text.includes('$') || FAILURES.test(text) ? undefined : texts.problems.failures(text);
}

/** Says what is wrong with a currency code, in words; nothing when it is fine. */
export function currencyProblem(text: string): string | undefined {
  return text === '' || /^[A-Z]{3}$/.test(text) ? undefined : texts.problems.currency(text);
}

/** Says what is wrong with a count, in words; nothing when it is fine. */
export function countProblem(text: string): string | undefined {
  return text === '' || /^0*[1-9]\d{0,14}$/.test(text) ? undefined : texts.problems.wholeNumber(text);
}

/** The lines of a text that say something. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Says what is wrong with a list of addresses, one per line, in words; nothing when it is fine. */
export function urlsProblem(text: string): string | undefined {
  for (const line of lines(text)) {
    const address = addressOf(line);
    if (!address) {
      return texts.problems.url(line);
    }
    if (address.username || address.password) {
      return texts.problems.urlWithUser(address.host);
    }
  }
  return undefined;
}

function addressOf(text: string): URL | undefined {
  try {
    const address = new URL(text);
    return ['http:', 'https:'].includes(address.protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}

/** The time zones that this browser knows, under the names of the tz database. */
export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
