import { InlineField, Input } from '@grafana/ui';
import React, { useState } from 'react';

interface FieldProps {
  id: string;
  label: string;
  tip: string;
  disabled?: boolean;
  error?: string;
  children: React.ReactElement<Record<string, unknown>>;
}

const LABEL_WIDTH = 24;
export const INPUT_WIDTH = 40;

/** One setting with its label. */
export function SettingField({ id, label, tip, disabled, error, children }: FieldProps) {
  return (
    <InlineField
      label={label}
      labelWidth={LABEL_WIDTH}
      htmlFor={id}
      tooltip={tip}
      interactive
      disabled={disabled}
      invalid={Boolean(error)}
      error={error}
    >
      {children}
    </InlineField>
  );
}

interface Props {
  id: string;
  label: string;
  tip: string;
  placeholder?: string;
  value?: string;
  disabled?: boolean;
  /** Says what is wrong with the text */
  problem?: (text: string) => string | undefined;
  onChange: (text: string) => void;
}

/** One text setting. Nothing is saved before "Save & test", so it follows each key. */
export function SettingInput({ value = '', placeholder, problem, onChange, ...field }: Props) {
  return (
    <SettingField {...field} error={problem?.(value)}>
      <Input
        id={field.id}
        width={INPUT_WIDTH}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </SettingField>
  );
}

interface ParsedProps<T> extends Omit<Props, 'value' | 'onChange' | 'problem'> {
  value: T | undefined;
  /** The text for a value that was saved */
  show: (value: T) => string;
  /** The value that a text without a problem stands for */
  parse: (text: string) => T | undefined;
  problem: (text: string) => string | undefined;
  onChange: (value: T | undefined) => void;
}

/** A text that stands for something else than text. What cannot be saved yet stays in the input only. */
export function ParsedSetting<T>({ value, show, parse, problem, onChange, ...input }: ParsedProps<T>) {
  const [text, setText] = useState(value === undefined ? '' : show(value));
  const change = (typed: string) => {
    setText(typed);
    if (!problem(typed)) {
      onChange(parse(typed));
    }
  };
  return <SettingInput {...input} value={text} problem={problem} onChange={change} />;
}
