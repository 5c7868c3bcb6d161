import { InlineField, Input } from '@grafana/ui';
import React, { useState } from 'react';
import { countProblem } from '../lib/settings';
import { texts } from '../texts';
import { type StakesOptions } from '../types';

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

/** What every section of the settings page receives. */
export interface SectionProps {
  settings: StakesOptions;
  readOnly?: boolean;
  onChange: (members: Partial<StakesOptions>) => void;
}

type TextName = 'currency' | 'queryDelay' | 'timeInterval' | 'customQueryParameters';
type NumberName = 'maxGroups' | 'maxSamples' | 'cacheSize';

/** The words for a setting are kept under its name. */
function wordsFor(name: TextName | NumberName) {
  return { id: `stakes-${name}`, label: texts.config[name], tip: texts.config[`${name}Tip`] };
}

interface TextSettingProps extends SectionProps {
  name: TextName;
  placeholder: string;
  problem?: (text: string) => string | undefined;
  /** The form in which a text is saved */
  clean?: (text: string) => string;
}

/** A text of the settings; a blank one is not saved. */
export function TextSetting({
  settings,
  readOnly,
  onChange,
  name,
  clean = (text) => text,
  ...input
}: TextSettingProps) {
  return (
    <SettingInput
      {...wordsFor(name)}
      {...input}
      value={settings[name]}
      disabled={readOnly}
      onChange={(text) => onChange({ [name]: clean(text) || undefined })}
    />
  );
}

interface NumberSettingProps extends SectionProps {
  name: NumberName;
  placeholder: string;
  /** How much one of what is written stands for, where that is not one */
  unit?: number;
}

/** A count of the settings; a blank one is not saved. */
export function NumberSetting({ settings, readOnly, onChange, name, placeholder, unit = 1 }: NumberSettingProps) {
  return (
    <ParsedSetting
      {...wordsFor(name)}
      placeholder={placeholder}
      value={settings[name]}
      show={(value) => String(Math.round(value / unit))}
      parse={(text) => (text === '' ? undefined : Number(text) * unit)}
      problem={countProblem}
      disabled={readOnly}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
}
