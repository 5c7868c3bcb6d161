/* eslint-disable @typescript-eslint/no-deprecated --
   Select and MultiSelect work alike from Grafana 11.6 to 13; their successors are still changing in 11.6. */
import { MultiSelect, Select } from '@grafana/ui';
import React from 'react';
import { matches, type Option } from '../lib/options';

interface CommonProps {
  inputId: string;
  options: Option[];
  placeholder?: string;
  isLoading?: boolean;
  disabled?: boolean;
  /** Takes values that are not among the options, such as variables */
  allowCustomValue?: boolean;
  width?: number;
  'aria-label'?: string;
}

interface PickOneProps extends CommonProps {
  value?: string;
  isClearable?: boolean;
  /** Receives `undefined` when the choice is cleared */
  onChange: (value: string | undefined) => void;
}

interface PickManyProps extends CommonProps {
  values: string[] | undefined;
  onChange: (values: string[]) => void;
}

/** Least width of a field with a choice of many, which would shrink to what is typed into it. */
export const PICK_MANY_WIDTH = 30;

const takeTyped = (text: string) => `Use "${text}"`;

/** A searchable choice of one name. A name that is not among the options is shown as it is, never lost. */
export function PickOne({ value, onChange, options, ...rest }: PickOneProps) {
  return (
    <Select<string>
      {...rest}
      options={options}
      value={value ? (options.find((option) => option.value === value) ?? { value, label: value }) : null}
      filterOption={matches}
      formatCreateLabel={takeTyped}
      onChange={(option) => onChange(option?.value?.trim() || undefined)}
    />
  );
}

/** A searchable choice of any number of names. */
export function PickMany({ values = [], onChange, options, ...rest }: PickManyProps) {
  return (
    <MultiSelect<string>
      {...rest}
      options={options}
      value={values}
      closeMenuOnSelect={false}
      filterOption={matches}
      formatCreateLabel={takeTyped}
      onChange={(chosen) => onChange(chosen.flatMap(({ value }) => value?.trim() || []))}
    />
  );
}
