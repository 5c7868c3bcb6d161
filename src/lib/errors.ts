import { isFetchError } from '@grafana/runtime';

/** The most telling sentence in whatever a request threw. */
export function reason(error: unknown): string {
  if (isFetchError(error)) {
    return error.data?.error || error.data?.message || error.statusText || `status ${error.status}`;
  }
  return error instanceof Error && error.message ? error.message : 'no reason was given';
}
