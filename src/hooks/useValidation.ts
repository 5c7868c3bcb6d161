import { useEffect, useState } from 'react';
import { reason } from '../lib/errors';
import { type Validation } from '../types';

/** How long the text has to rest before it is validated. */
export const REST_MS = 500;

export interface ValidationState {
  /** The last answer; it stays while a newer text is being checked */
  result?: Validation;
  checking: boolean;
  /** Why the text could not be checked */
  error?: string;
}

/**
 * Validates a text when the page opens and each time it has rested after a change.
 * An answer to a text that has changed since is dropped.
 */
export function useValidation(text: string, validate: (text: string) => Promise<Validation>): ValidationState {
  const [opened] = useState(text);
  const [answer, setAnswer] = useState<{ text: string; result?: Validation; error?: string }>();

  useEffect(() => {
    let current = true;
    const check = () =>
      validate(text).then(
        (result) => current && setAnswer({ text, result }),
        (error: unknown) => current && setAnswer({ text, error: reason(error) })
      );
    const timer = setTimeout(check, text === opened ? 0 : REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // `validate` is a new function on each render and always asks the same data source.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, opened]);

  return { result: answer?.result, error: answer?.error, checking: answer?.text !== text };
}
