import { Alert } from '@grafana/ui';
import React from 'react';
import { type Resource } from '../hooks/useResource';

/** One sentence for whatever could not be loaded; nothing when all is well. */
export function LoadFailure({ resources }: { resources: Record<string, Resource<unknown>> }) {
  const failed = Object.entries(resources).filter(([, { error }]) => error);
  if (failed.length === 0) {
    return null;
  }
  const names = failed.map(([name]) => name).join(', ');
  const reasons = [...new Set(failed.map(([, { error }]) => error))].join('; ');
  return (
    <Alert severity="warning" title={`Stakes could not load the ${names}: ${reasons}. Names can still be typed.`} />
  );
}
