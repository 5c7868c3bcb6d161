import { type Template } from './templates';

const SEPARATOR = /^---[ \t]*(?:#.*)?$/m;
const NAME = /^metadata:\s*(?:#.*)?\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*["']?([^\s"'#]+)/m;
const IS_SLO = /^kind:[ \t]*SLO\s*$/m;

/** What a template refers to where the catalogue has no SLO yet. */
const NO_SLO = 'name-of-an-slo';

/** The text with one more document, and the line at which that starts. */
export interface Addition {
  text: string;
  line: number;
}

/** Adds a template below what is there, under a name that is free, about SLOs that exist. */
export function addDocument(catalog: string, template: Template): Addition {
  const documents = catalog.split(SEPARATOR);
  const names = documents.flatMap((document) => NAME.exec(document)?.[1] ?? []);
  const [first = NO_SLO, second = first] = documents
    .filter((document) => IS_SLO.test(document))
    .flatMap((document) => NAME.exec(document)?.[1] ?? []);
  const document = template.yaml
    .replaceAll('NAME', freeName(template.name, names))
    .replaceAll('FIRST', first)
    .replaceAll('SECOND', second);
  const above = catalog.trim() === '' ? '' : `${catalog.trimEnd()}\n---\n`;
  return { text: above + document, line: above.split('\n').length };
}

function freeName(name: string, taken: string[]): string {
  let number = 2;
  let free = name;
  while (taken.includes(free)) {
    free = `${name}-${number++}`;
  }
  return free;
}
