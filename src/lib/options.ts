import { type SelectableValue } from '@grafana/data';
import { type Measure, type Question, type Service, type Slo, type Term } from '../types';

export type Option = SelectableValue<string>;

/** An SLO is found by the name that people gave it; service and owner tell equal names apart. */
export function sloOptions(slos: Slo[]): Option[] {
  return slos.map(({ name, displayName, service, owner }) => ({
    value: name,
    label: displayName || name,
    description: [
      displayName && displayName !== name && name,
      service && `service ${service}`,
      owner && `owner ${owner}`,
    ]
      .filter(Boolean)
      .join(' · '),
  }));
}

export function serviceOptions(services: Service[]): Option[] {
  return services.map(({ name, displayName }) => ({
    value: name,
    label: displayName || name,
    description: displayName && displayName !== name ? name : undefined,
  }));
}

export function measureOptions(measures: Measure[]): Option[] {
  return measures.map(({ name, title, unit, words }) => ({
    value: name,
    label: title,
    description: unit ? `${words} [${unit}]` : words,
  }));
}

export function questionOptions(questions: Question[], onlyAlertable: boolean): Option[] {
  return questions
    .filter(({ alertable }) => alertable || !onlyAlertable)
    .map(({ name, question, words }) => ({ value: name, label: question, description: words }));
}

export function termOptions(terms: Term[]): Option[] {
  return terms.map(({ name, title, words }) => ({ value: name, label: title, description: words }));
}

export function textOptions(texts: string[]): Option[] {
  return texts.map((text) => ({ value: text, label: text }));
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
