import { type SelectableValue } from '@grafana/data';
import { texts } from '../texts';
import { ANNOTATION_QUESTION } from './annotations';
import { type Measure, type Question, type Named, type Slo, type Term } from '../types';

export type Option = SelectableValue<string>;

/** Options under a heading. */
export interface OptionGroup {
  label: string;
  options: Option[];
}

/** An SLO is found by the name that people gave it; service and owner tell equal names apart. */
export function sloOptions(slos: Slo[]): Option[] {
  return slos.map(({ name, displayName, service, owner }) => ({
    value: name,
    label: displayName || name,
    description: [
      displayName && displayName !== name && name,
      service && texts.options.service(service),
      owner && texts.options.owner(owner),
    ]
      .filter(Boolean)
      .join(' · '),
  }));
}

export function namedOptions(things: Named[]): Option[] {
  return things.map(({ name, displayName }) => ({
    value: name,
    label: displayName || name,
    description: displayName && displayName !== name ? name : undefined,
  }));
}

/** Measures under their units, in the order of the vocabulary: what can be compared stands together. */
export function measureOptions(measures: Measure[]): OptionGroup[] {
  const units = [...new Set(measures.map(({ unit }) => unit))];
  return units.map((unit) => ({
    label: capitalized(unit),
    options: measures
      .filter((measure) => measure.unit === unit)
      .map(({ name, title, words }) => ({
        value: name,
        label: title,
        description: unit ? `${words} [${unit}]` : words,
      })),
  }));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a query is made for, where not every question will do. */
export type Purpose = 'alerting' | 'annotations';

/** True for a question whose answer serves the purpose. */
export function serves({ name, alertable }: Question, purpose: Purpose | undefined): boolean {
  switch (purpose) {
    case 'alerting':
      return alertable;
    case 'annotations':
      return name === ANNOTATION_QUESTION;
    default:
      return true;
  }
}

export function questionOptions(questions: Question[], purpose?: Purpose): Option[] {
  return questions
    .filter((question) => serves(question, purpose))
    .map(({ name, question, words, alertable }) => ({
      value: name,
      label: question,
      description: alertable && !purpose ? texts.options.alertable(words) : words,
    }));
}

export function termOptions(terms: Term[]): Option[] {
  return terms.map(({ name, title, words }) => ({ value: name, label: title, description: words }));
}

export function textOptions(texts: string[]): Option[] {
  return texts.map((text) => ({ value: text, label: text }));
}

/** Windows that people think in; others can be typed. Units of the calendar carry the backend's titles. */
const DAYS = [1, 7, 28, 30, 90];

export function windowOptions(units: Term[]): Option[] {
  const days = DAYS.map((number) => ({
    value: `${number}d`,
    label: `${number}d`,
    description: texts.options.days(number),
  }));
  const calendar = units.map(({ name, title }) => ({
    value: name,
    label: title,
    description: texts.options.unit(title),
  }));
  return [...days, ...calendar];
}

/** The option of that value, under whatever heading. */
export function findOption(options: Array<Option | OptionGroup>, value: string): Option | undefined {
  return options
    .flatMap((option): Option[] => ('options' in option ? (option.options ?? []) : [option]))
    .find((option) => option.value === value);
}

/** True for a text that stands for something else until the dashboard is looked at. */
export function isVariable(text: string): boolean {
  return /\$\w|\$\{|\[\[/.test(text);
}

/** Finds options by what is shown and by the name behind it; the offer to take a typed value is never hidden. */
export function matches(option: Option, search: string): boolean {
  // The select hands over the option inside another one.
  const { label, value, description, __isNew__ } = { ...option, ...option.data };
  const text = [label, value, description].join(' ').toLowerCase();
  return (
    Boolean(__isNew__) ||
    search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}

/** Finds durations by how they start: whoever types 8d does not mean 28d. Titles are found anywhere. */
export function matchesDuration(option: Option, search: string): boolean {
  const { label = '', value = '', __isNew__ } = { ...option, ...option.data };
  const text = search.toLowerCase();
  return Boolean(__isNew__) || value.startsWith(text) || (label !== value && label.toLowerCase().includes(text));
}
