import { type Field, type Outline, type StoreNames } from '../types';

/** What can stand at the cursor. */
export interface Suggestion {
  text: string;
  kind: 'field' | 'value' | 'metric' | 'label';
}

/** The suggestions, and the text before the cursor that they would replace. */
export interface Completion {
  typed: string;
  suggestions: Suggestion[];
}

/** Everything that suggestions are made of; what could not be loaded is empty. */
export interface Words {
  outlines: Outline[];
  names: StoreNames;
}

/** Fields that hold PromQL, whatever document they stand in. */
const PROMQL: ReadonlySet<string> = new Set(['query', 'mask', 'good', 'total', 'uniqueUsers', 'low', 'base', 'high']);

const KEY = /^(\s*(?:- +)*)([\w/.-]+):/;
const KEY_BEING_TYPED = /^(\s*(?:- +)*)([\w/.-]*)$/;
const VALUE_BEING_TYPED = /^(\s*(?:- +)*)([\w/.-]+):\s+(.*)$/;
/** The members of a mapping that is written in one line, the last of them being typed. */
const MEMBERS_BEING_TYPED = /^\{((?:[^{}]*,)?)\s*([\w/.-]*)$/;
const SEPARATOR = /^---/;

/** What can stand at a place of the catalogue: line and column from 1, as the code editor counts. */
export function complete(text: string, line: number, column: number, words: Words): Completion {
  const all = text.split('\n');
  const before = (all[line - 1] ?? '').slice(0, column - 1);
  const from = all.reduce((start, one, at) => (at < line - 1 && SEPARATOR.test(one) ? at + 1 : start), 0);
  const rest = all.slice(line).findIndex((one) => SEPARATOR.test(one));
  const document = all.slice(from, rest < 0 ? undefined : line + rest);
  const above = document.slice(0, line - 1 - from);

  const key = KEY_BEING_TYPED.exec(before);
  const value = VALUE_BEING_TYPED.exec(before);
  const block = blockAround(above, before);
  if (block !== undefined) {
    return isPromQL(block) ? promQL(before, words.names) : nothing(before);
  }
  if (value) {
    const [, indent, name, typed] = value;
    const path = [...pathTo(above, indent.length), name];
    return forValue(fieldAt(path, document, words.outlines), name, typed, text, document, words);
  }
  return key ? forKey(key[1].length, key[2], above, document, line - 1 - from, words.outlines) : nothing(before);
}

function nothing(before: string): Completion {
  return { typed: typedName(before), suggestions: [] };
}

function forKey(
  indent: number,
  typed: string,
  above: string[],
  document: string[],
  at: number,
  outlines: Outline[]
): Completion {
  const path = pathTo(above, indent);
  const fields = path.length
    ? fieldAt(path, document, outlines)?.fields
    : (outlineOf(document, outlines)?.fields ?? topFields(outlines));
  return { typed, suggestions: fieldsBeside(siblings(document, at, indent), fields) };
}

/** The fields that a mapping does not have yet. */
function fieldsBeside(taken: ReadonlySet<string>, fields: Field[] = []): Suggestion[] {
  return fields
    .filter(({ name }) => !taken.has(name))
    .map(({ name }): Suggestion => ({ text: `${name}: `, kind: 'field' }));
}

/** What the outline of the document says of a field. */
function fieldAt(path: string[], document: string[], outlines: Outline[]): Field | undefined {
  let field: Field | undefined;
  let fields = outlineOf(document, outlines)?.fields;
  for (const name of path) {
    field = fields?.find((one) => one.name === name);
    fields = field?.fields;
  }
  return field;
}

function forValue(
  field: Field | undefined,
  key: string,
  typed: string,
  text: string,
  document: string[],
  { outlines, names }: Words
): Completion {
  const values = (list: string[]): Completion => ({
    typed,
    suggestions: [...new Set(list)].map((value) => ({ text: value, kind: 'value' })),
  });
  const [, others, member] = MEMBERS_BEING_TYPED.exec(typed) ?? [];
  if (field?.fields && member !== undefined) {
    const taken = new Set(Array.from(others.matchAll(/([\w/.-]+):/g), ([, name]) => name));
    return { typed: member, suggestions: fieldsBeside(taken, field.fields) };
  }
  if (field?.values) {
    return values(field.values);
  }
  const version = fieldValue(document, 'apiVersion');
  switch (key) {
    case 'apiVersion':
      return values(outlines.map(({ apiVersion }) => apiVersion));
    case 'kind': // of the document: others have values of their own
      return values(outlines.filter(({ apiVersion }) => !version || apiVersion === version).map(({ kind }) => kind));
    case 'slo':
      return { ...values(sloNames(text)), typed: typedName(typed) };
    default:
      return isPromQL(key) ? promQL(typed, names) : nothing(typed);
  }
}

/** Metrics, or labels where PromQL expects them: inside braces, and after what groups. */
function promQL(before: string, { metrics, labels }: StoreNames): Completion {
  const typed = typedName(before);
  const lead = before.slice(0, before.length - typed.length);
  const isLabel = /\{[^}"]*(?:"[^"]*"[^}"]*)*$/.test(lead) || /\b(?:by|without|on|ignoring)\s*\([^)]*$/.test(lead);
  const isQuoted = (lead.match(/"/g) ?? []).length % 2 === 1;
  if (isQuoted) {
    return { typed, suggestions: [] };
  }
  return isLabel
    ? { typed, suggestions: labels.map((text) => ({ text, kind: 'label' })) }
    : { typed, suggestions: metrics.map((text) => ({ text, kind: 'metric' })) };
}

function isPromQL(key: string): boolean {
  return PROMQL.has(key);
}

/** The name that ends a text. Metrics have colons, and names in YAML have dashes, slashes and dots. */
function typedName(text: string): string {
  return /[\w:]*$/.exec(text)?.[0] ?? '';
}

/** The names of the mappings around a key, from the outermost on. */
function pathTo(above: string[], indent: number): string[] {
  const path: string[] = [];
  let within = indent;
  for (const one of [...above].reverse()) {
    const [, lead, name] = KEY.exec(one) ?? [];
    if (name !== undefined && lead.length < within) {
      path.unshift(name);
      within = lead.trimEnd() === '' ? lead.length : lead.indexOf('-');
    }
  }
  return path;
}

/** The keys that stand in the same mapping as a line. A dash starts a mapping of its own. */
function siblings(document: string[], at: number, indent: number): Set<string> {
  const startsItem = (one: string) => /^\s*(?:- +)+/.exec(one)?.[0].length === indent;
  const found = new Set<string>();
  const collect = (lines: string[], isAbove: boolean) => {
    for (const one of lines) {
      const [, lead, name] = KEY.exec(one) ?? [];
      if (name === undefined) {
        continue;
      }
      if (lead.length < indent || (!isAbove && startsItem(one))) {
        return;
      }
      if (lead.length === indent) {
        found.add(name);
      }
      if (isAbove && startsItem(one)) {
        return;
      }
    }
  };
  if (!startsItem(document[at] ?? '')) {
    collect([...document.slice(0, at)].reverse(), true);
  }
  collect(document.slice(at + 1), false);
  return found;
}

/** The key of the block of text that a line belongs to, as after "query: |"; undefined for a line of its own. */
function blockAround(above: string[], before: string): string | undefined {
  const indent = before.length - before.trimStart().length;
  for (const one of [...above].reverse()) {
    if (one.trim() !== '' && one.length - one.trimStart().length < indent) {
      return /^\s*(?:- +)*([\w/.-]+):\s*[|>][-+]?\s*$/.exec(one)?.[1];
    }
  }
  return undefined;
}

function outlineOf(document: string[], outlines: Outline[]): Outline | undefined {
  const [version, kind] = [fieldValue(document, 'apiVersion'), fieldValue(document, 'kind')];
  return outlines.find((outline) => outline.kind === kind && (!version || outline.apiVersion === version));
}

/** What every document has, for one whose kind is not said yet. */
function topFields(outlines: Outline[]): Field[] {
  return (outlines[0]?.fields ?? []).map(({ name }) => ({ name }));
}

function fieldValue(document: string[], name: string): string | undefined {
  const found = document.find((one) => one.startsWith(`${name}:`));
  return found?.slice(name.length + 1).trim() || undefined;
}

/** The names of the SLOs that a text defines. */
function sloNames(text: string): string[] {
  return text
    .split(/^---.*$/m)
    .filter((document) => /^kind:\s*SLO\s*$/m.test(document))
    .flatMap((document) => /^metadata:\s*\n(?:\s+.*\n)*?\s+name:\s*["']?([\w.-]+)/m.exec(document)?.[1] ?? []);
}
