/* eslint-disable @typescript-eslint/no-deprecated --
   Select and MultiSelect work alike from Grafana 11.6 to 13; their successors are still changing in 11.6. */
import { MultiSelect, Select } from '@grafana/ui';
import React from 'react';
import { findOption, isVariable, matches, type Option, type OptionGroup } from '../lib/options';
import { texts } from '../texts';

interface CommonProps {
  inputId: string;
  options: Array<Option | OptionGroup>;
  placeholder?: string;
  isLoading?: boolean;
  disabled?: boolean;
  /** What can be typed beside the options: nothing, variables, or anything that may exist */
  typed?: 'variables' | 'anything';
  width?: number;
  /** The focus goes there once it is shown */
  autoFocus?: boolean;
  'aria-label'?: string;
}

interface PickOneProps extends CommonProps {
  value?: string;
  isClearable?: boolean;
  /** Finds options by what was typed; the usual way looks at name, title and words */
  filter?: typeof matches;
  /** Receives `undefined` when the choice is cleared */
  onChange: (value: string | undefined) => void;
}

interface PickManyProps extends CommonProps {
  values: string[] | undefined;
  onChange: (values: string[]) => void;
}

/** Least width of a field with a choice of many, which would shrink to what is typed into it. */
export const PICK_MANY_WIDTH = 30;

/** A searchable choice of one name. A name that is not among the options is shown as it is, never lost. */
export function PickOne({ value, onChange, options, typed, filter = matches, ...rest }: PickOneProps) {
  return (
    <Select<string>
      {...rest}
      {...typing(typed)}
      options={options}
      value={value ? (findOption(options, value) ?? { value, label: value }) : null}
      filterOption={filter}
      onChange={(option) => onChange(option?.value?.trim() || undefined)}
    />
  );
}

/** A searchable choice of any number of names. */
export function PickMany({ values = [], onChange, options, typed, ...rest }: PickManyProps) {
  return (
    <MultiSelect<string>
      {...rest}
      {...typing(typed)}
      options={options}
      value={values.map((value) => findOption(options, value) ?? { value, label: value })}
      closeMenuOnSelect={false}
      filterOption={matches}
      onChange={(chosen) => onChange(chosen.flatMap(({ value }) => value?.trim() || []))}
    />
  );
}

function typing(typed: CommonProps['typed']) {
  return {
    allowCustomValue: typed !== undefined,
    formatCreateLabel: texts.fields.add,
    isValidNewOption: typed === 'variables' ? isVariable : undefined,
  };
}
