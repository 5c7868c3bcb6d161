import { type PanelData } from '@grafana/data';
import { type QueryBody } from '../types';
import { type Controls } from './vocabulary';

/** A control that a message can stand beside. */
export type Place = keyof Controls | 'slo' | 'service' | 'journey' | 'labels';

/** What the backend said about one query. */
export interface Answer {
  errors: string[];
  /** Notices of the answer that are more than information */
  warnings: string[];
}

export function answerTo(refId: string, data?: PanelData): Answer {
  const errors = (data?.errors ?? [])
    .filter((error) => error.refId === undefined || error.refId === refId)
    .map((error) => error.data?.message || error.message || '');
  const notices = (data?.series ?? [])
    .filter((frame) => frame.refId === refId)
    .flatMap((frame) => frame.meta?.notices ?? [])
    .filter(({ severity }) => severity !== 'info');
  return { errors: unique(errors), warnings: unique(notices.map(({ text }) => text)) };
}

function unique(texts: string[]): string[] {
  return [...new Set(texts.filter(Boolean))];
}

/** Members of the query as the backend names them, and the control that each is edited with. */
const NAMED: ReadonlyArray<[RegExp, Place]> = [
  [/\blookback\b/i, 'lookback'],
  [/\bhorizon\b/i, 'horizon'],
  [/\btargets?\b/i, 'targets'],
  [/\bperiod\b/i, 'period'],
  [/\bscenario\b/i, 'scenario'],
  [/\baudience\b/i, 'audience'],
  [/\blocale\b/i, 'locale'],
  [/^window\b/i, 'window'],
];

/**
 * The control that a message is about. A value that the message quotes says it best, then the name of a
 * member; whatever fits neither concerns the query as a whole.
 */
export function placeOf(message: string, body: QueryBody): Place | undefined {
  const quoted = [...message.matchAll(/"([^"]+)"|(\$\{[^}]+\}|\$\w+)/g)].map(([, name, variable]) => name ?? variable);
  const byValue = quoted.map((text) => placeOfValue(text, body)).find(Boolean);
  return byValue ?? NAMED.find(([pattern]) => pattern.test(message))?.[1];
}

function placeOfValue(text: string, { select = {}, ...body }: QueryBody): Place | undefined {
  const holds = (value: unknown) => value === text || (text.startsWith('$') && String(value).includes(text));
  const { slo = [], service = [], journey = [], labels = {} } = select;
  const members: Array<[Place, unknown[]]> = [
    ['slo', slo],
    ['service', service],
    ['journey', journey],
    ['labels', Object.entries(labels).flat(2)],
    ['measures', body.measures ?? []],
    ['by', [body.by]],
    ['pool', [body.pool]],
    ['period', [body.period]],
    ['lookback', [body.lookback]],
    ['window', [body.window]],
    ['horizon', [body.horizon]],
    ['scenario', [body.scenario]],
    ['targets', body.targets ?? []],
    ['audience', [body.audience]],
    ['locale', [body.locale]],
    ['format', [body.format]],
  ];
  return members.find(([, values]) => values.some(holds))?.[0];
}

/** The messages at their controls; those without one are left over. */
export interface Placed {
  at: Partial<Record<Place, string>>;
  rest: string[];
}

/** Several messages about one control are said together. A control that is not shown has no messages. */
export function place(messages: string[], body: QueryBody, isShown: (place: Place) => boolean): Placed {
  const placed: Placed = { at: {}, rest: [] };
  for (const message of messages) {
    const found = placeOf(message, body);
    if (found && isShown(found)) {
      placed.at[found] = [placed.at[found], message].filter(Boolean).join(' ');
    } else {
      placed.rest.push(message);
    }
  }
  return placed;
}
