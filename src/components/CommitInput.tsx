import { Input } from '@grafana/ui';
import React, { useState } from 'react';
import { QueryField } from './QueryField';

interface Props {
  id: string;
  label: string;
  tip?: string;
  placeholder?: string;
  value?: string;
  width?: number;
  /** Says what is wrong with a text; a wrong text stays in the input and is not committed */
  problem: (text: string) => string | undefined;
  /** What the backend said about the text that is saved */
  error?: string;
  onCommit: (text: string) => void;
}

/** A text input that commits on Enter and when it is left, so that no query runs on each key. */
export function CommitInput({ id, label, tip, placeholder, value = '', width = 16, problem, error, onCommit }: Props) {
  const [text, setText] = useState(value);
  const [committed, setCommitted] = useState(value);
  if (value !== committed) {
    // The query was changed elsewhere: what was typed here belongs to the old one.
    setCommitted(value);
    setText(value);
  }
  const trimmed = text.trim();
  const wrong = problem(trimmed);
  const commit = () => {
    if (!wrong && trimmed !== value) {
      onCommit(trimmed);
    }
  };

  return (
    <QueryField htmlFor={id} label={label} tip={tip} error={wrong ?? error}>
      <Input
        id={id}
        value={text}
        width={width}
        placeholder={placeholder}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </QueryField>
  );
}
