import { type PanelData } from '@grafana/data';
import { texts } from '../texts';
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

/** True for data that another data source gave, such as the one that was chosen before this one. */
export function isAnsweredByAnother(refId: string, uid: string, data?: PanelData): boolean {
  const asked = data?.request?.targets.find((target) => target.refId === refId)?.datasource?.uid;
  return asked !== undefined && asked !== uid;
}

/** True where the time range ends when it was asked for: what lies ahead is outside of it. */
export function endsAtOnce(data?: PanelData): boolean {
  return Boolean(data?.request && data.timeRange.to.valueOf() <= data.request.startTime);
}

function unique(messages: string[]): string[] {
  return [...new Set(messages.filter(Boolean))];
}

/** Members of the query as the backend names them, and the control that each is edited with. */
const NAMED: ReadonlyArray<[RegExp, Place]> = [
  [/\bneeds failures\b/i, 'failures'],
  [/\blookback\b/i, 'lookback'],
  [/\bhorizon\b/i, 'horizon'],
  [/\btargets?\b/i, 'targets'],
  [/\bcost\b/i, 'cost'],
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
    ['failures', [body.failures]],
    ['scenario', [body.scenario]],
    ['targets', body.targets ?? []],
    ['cost', [body.cost]],
    ['audience', [body.audience]],
    ['locale', [body.locale]],
    ['format', [body.format]],
  ];
  return members.find(([, values]) => values.some(holds))?.[0];
}

/** What stands beside the controls that an error is about. */
export type Marks = Partial<Record<Place, string>>;

/**
 * Marks the controls that the messages are about. Grafana itself shows each message below the editor; a mark
 * leads there, so that nothing is said twice.
 */
export function marks(messages: string[], body: QueryBody): Marks {
  const places = messages.flatMap((message) => placeOf(message, body) ?? []);
  return Object.fromEntries(places.map((place) => [place, texts.fields.seeError]));
}
