import { type AnnotationSupport } from '@grafana/data';
import { of } from 'rxjs';
import { AnnotationEditor } from './components/AnnotationEditor';
import {
  annotationEvents,
  annotationQuery,
  defaultAnnotation,
  prepareAnnotation,
  type StakesAnnotation,
} from './lib/annotations';
import { type StakesQuery } from './types';

/** Incidents as annotations of a dashboard. */
export const stakesAnnotations: AnnotationSupport<StakesQuery, StakesAnnotation> = {
  getDefaultQuery: defaultAnnotation,
  prepareAnnotation,
  prepareQuery: annotationQuery,
  processEvents: (annotation, frames) => of(annotationEvents(annotation, frames)),
  QueryEditor: AnnotationEditor,
};
