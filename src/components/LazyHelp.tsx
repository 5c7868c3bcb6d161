import { type QueryEditorHelpProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';
import { texts } from '../texts';
import { type StakesQuery } from '../types';

const QueryEditorHelp = lazy(() => import('./QueryEditorHelp'));

/** The help page, loaded by those who open it. */
export function LazyHelp(props: QueryEditorHelpProps<StakesQuery>) {
  return (
    <Suspense fallback={<LoadingPlaceholder text={texts.fields.loadingQuestions} />}>
      <QueryEditorHelp {...props} />
    </Suspense>
  );
}
