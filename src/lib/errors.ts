import { isFetchError } from '@grafana/runtime';
import { texts } from '../texts';

/** The most telling sentence in whatever a request threw. */
export function reason(error: unknown): string {
  if (isFetchError(error)) {
    return error.data?.error || error.data?.message || error.statusText || texts.loading.status(error.status);
  }
  return error instanceof Error && error.message ? error.message : texts.loading.noReason;
}
