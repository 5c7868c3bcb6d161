import { InlineField, Input } from '@grafana/ui';
import React from 'react';

interface Props {
  id: string;
  label: string;
  tooltip: string;
  placeholder?: string;
  value?: string;
  disabled?: boolean;
  /** Says what is wrong with the text */
  problem?: (text: string) => string | undefined;
  onChange: (text: string) => void;
}

const LABEL_WIDTH = 24;
const INPUT_WIDTH = 40;

/** One text setting. Nothing is saved before "Save & test", so it follows each key. */
export function SettingInput({ id, label, tooltip, placeholder, value = '', disabled, problem, onChange }: Props) {
  const error = problem?.(value);
  return (
    <InlineField
      label={label}
      labelWidth={LABEL_WIDTH}
      htmlFor={id}
      tooltip={tooltip}
      interactive
      disabled={disabled}
      invalid={Boolean(error)}
      error={error}
    >
      <Input
        id={id}
        width={INPUT_WIDTH}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </InlineField>
  );
}
