import { EditorField } from '@grafana/plugin-ui';
import { Input } from '@grafana/ui';
import React, { useState } from 'react';

interface Props {
  id: string;
  label: string;
  tooltip?: string;
  placeholder?: string;
  value?: string;
  width?: number;
  /** Says what is wrong with a text; a wrong text stays in the input and is not committed */
  problem: (text: string) => string | undefined;
  onCommit: (text: string) => void;
}

/** A text input that commits on Enter and when it is left, so that no query runs on each key. */
export function CommitInput({ id, label, tooltip, placeholder, value = '', width = 16, problem, onCommit }: Props) {
  const [text, setText] = useState(value);
  const [committed, setCommitted] = useState(value);
  if (value !== committed) {
    // The query was changed elsewhere: what was typed here belongs to the old one.
    setCommitted(value);
    setText(value);
  }
  const trimmed = text.trim();
  const error = problem(trimmed);
  const commit = () => {
    if (!error && trimmed !== value) {
      onCommit(trimmed);
    }
  };

  return (
    <EditorField label={label} tooltip={tooltip} htmlFor={id} invalid={Boolean(error)} error={error}>
      <Input
        id={id}
        value={text}
        width={width}
        placeholder={placeholder}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </EditorField>
  );
}
