import { useEffect, useState } from 'react';
import { reason } from '../lib/errors';

export interface Resource<T> {
  value?: T;
  loading: boolean;
  /** Why it could not be loaded */
  error?: string;
}

/** Loads something once per `key`, and drops an answer that comes after the key has changed. */
export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const [answer, setAnswer] = useState<{ key: string; value?: T; error?: string }>();

  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setAnswer({ key, value }),
      (error: unknown) => current && setAnswer({ key, error: reason(error) })
    );
    return () => {
      current = false;
    };
    // `load` is a new function on each render; `key` says when it means something else.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);

  return answer?.key === key ? { value: answer.value, error: answer.error, loading: false } : { loading: true };
}
