import {
  AnnotationEventFieldSource,
  getFieldDisplayName,
  type AnnotationEvent,
  type AnnotationEventFieldMapping,
  type AnnotationQuery,
  type DataFrame,
  type Field,
} from '@grafana/data';
import { QUERY_VERSION, type StakesQuery } from '../types';

/** The question whose answer marks times. */
export const ANNOTATION_QUESTION = 'incidents';

/** Columns of the answer that an annotation is made of. */
const COLUMNS = ['time', 'timeEnd', 'title', 'text', 'tags', 'id'] as const;
type Column = (typeof COLUMNS)[number];

export type StakesAnnotation = AnnotationQuery<StakesQuery>;

export function defaultAnnotation(): Pick<StakesQuery, 'queryType' | 'query'> {
  return { queryType: ANNOTATION_QUESTION, query: { version: QUERY_VERSION } };
}

/** What an annotation asks: the target, or in dashboards of the second schema what stands in its place. */
export function annotationQuery({ target, query }: StakesAnnotation): StakesQuery | undefined {
  return target ?? query?.spec;
}

/**
 * The annotation with a question. One that has a question is the same object, by which Grafana sees that
 * there is nothing to save.
 */
export function prepareAnnotation(annotation: StakesAnnotation): StakesAnnotation {
  const saved = annotationQuery(annotation);
  return saved?.queryType
    ? annotation
    : { ...annotation, target: { ...defaultAnnotation(), ...saved, queryType: ANNOTATION_QUESTION, refId: 'Anno' } };
}

/**
 * The events of an answer. Grafana's own way looks for columns by their titles, which are words for people;
 * this one knows them by their names, and follows the mappings that the user has set all the same.
 */
export function annotationEvents({ mappings = {} }: StakesAnnotation, frames: DataFrame[]): AnnotationEvent[] {
  return frames.flatMap((frame) => {
    const readers = COLUMNS.map((column) => [column, reader(frame, column, mappings[column])] as const);
    return Array.from({ length: frame.length }, (_, row) =>
      Object.fromEntries(
        readers
          .map(([column, read]): [Column, unknown] => [column, read(row)])
          .filter(([, value]) => value !== undefined && value !== null && value !== '')
      )
    ).filter(({ time }) => time !== undefined);
  });
}

function reader(frame: DataFrame, column: Column, mapping: AnnotationEventFieldMapping = {}): (row: number) => unknown {
  const { source = AnnotationEventFieldSource.Field, value, regex } = mapping;
  if (source === AnnotationEventFieldSource.Skip) {
    return () => undefined;
  }
  if (source === AnnotationEventFieldSource.Text) {
    return () => value;
  }
  const field = findField(frame, value || column);
  return (row) => {
    const found = extract(field?.values[row], regex);
    return column === 'tags' && typeof found === 'string' && found ? split(found) : found;
  };
}

function findField(frame: DataFrame, name: string): Field | undefined {
  const wanted = name.toLowerCase();
  return (
    frame.fields.find((field) => field.name.toLowerCase() === wanted) ??
    frame.fields.find((field) => getFieldDisplayName(field, frame).toLowerCase() === wanted)
  );
}

/** The first group of the expression where it has one, otherwise what it matches. */
function extract(value: unknown, regex: string | undefined): unknown {
  if (!regex || typeof value !== 'string') {
    return value;
  }
  const match = new RegExp(regex).exec(value);
  return match ? (match[1] ?? match[0]) : value;
}

function split(tags: string): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}
