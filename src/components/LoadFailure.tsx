import { Alert } from '@grafana/ui';
import React from 'react';
import { type Resource } from '../hooks/useResource';
import { texts } from '../texts';

interface Props {
  resources: Partial<Record<'vocabulary' | 'slos' | 'services' | 'journeys' | 'labels', Resource<unknown>>>;
}

/** One sentence for whatever could not be loaded; nothing when all is well. */
export function LoadFailure({ resources }: Props) {
  const names = (['vocabulary', 'slos', 'services', 'journeys', 'labels'] as const).filter(
    (name) => resources[name]?.error
  );
  if (names.length === 0) {
    return null;
  }
  const reasons = [...new Set(names.map((name) => resources[name]?.error ?? ''))];
  return (
    <Alert
      severity="warning"
      title={texts.loading.failed(
        names.map((name) => texts.loading[name]),
        reasons
      )}
    />
  );
}
