import React from 'react';
import { termOptions } from '../lib/options';
import { texts } from '../texts';
import { type Term } from '../types';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';

interface Props {
  id: string;
  label: string;
  tip: string;
  terms: Term[];
  value?: string;
  /** What the backend takes where nothing is saved; choosing it saves nothing */
  standard?: string;
  /** Names can be typed, because the backend's are not there */
  free: boolean;
  error?: string;
  onChange: (name: string | undefined) => void;
}

/** A choice of one term of the vocabulary. */
export function ChoiceField({ id, label, tip, terms, value, standard, free, error, onChange }: Props) {
  return (
    <QueryField htmlFor={id} label={label} tip={tip} error={error}>
      <PickOne
        inputId={id}
        options={termOptions(terms)}
        value={value ?? standard}
        typed={free ? 'anything' : 'variables'}
        width={22}
        placeholder={texts.fields.default}
        onChange={(name) => onChange(name === standard ? undefined : name)}
      />
    </QueryField>
  );
}
