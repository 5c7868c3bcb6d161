import { Alert } from '@grafana/ui';
import React from 'react';

interface Props {
  errors: string[];
  warnings: string[];
}

/** What the backend said about the query as a whole; what it said about one control stands beside that. */
export function AnswerNotes({ errors, warnings }: Props) {
  return (
    <>
      {errors.map((error) => (
        <Alert key={error} severity="error" title={error} />
      ))}
      {warnings.map((warning) => (
        <Alert key={warning} severity="warning" title={warning} />
      ))}
    </>
  );
}
