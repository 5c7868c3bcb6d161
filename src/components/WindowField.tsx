import React, { useState } from 'react';
import { matchesDuration, windowOptions } from '../lib/options';
import { windowProblem } from '../lib/settings';
import { texts } from '../texts';
import { type Term } from '../types';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';

interface Props {
  id: string;
  value?: string;
  /** Units of the calendar that a window can be */
  units: Term[];
  /** What the backend said about the window that is saved */
  error?: string;
  onChange: (window: string | undefined) => void;
}

/** A window: a duration, a unit of the calendar, or a variable. A wrong one is explained and not taken over. */
export function WindowField({ id, value, units, error, onChange }: Props) {
  const [rejected, setRejected] = useState<string>();
  const names = units.map(({ name }) => name);
  const problem = rejected && windowProblem(rejected, names);
  const choose = (window: string | undefined) => {
    const isWrong = window && windowProblem(window, names);
    setRejected(isWrong ? window : undefined);
    if (!isWrong) {
      onChange(window);
    }
  };
  return (
    <QueryField htmlFor={id} label={texts.fields.window} tip={texts.fields.windowTip} error={problem || error}>
      <PickOne
        inputId={id}
        options={windowOptions(units)}
        value={value}
        typed="anything"
        isClearable
        width={24}
        placeholder={texts.fields.ownWindow}
        filter={matchesDuration}
        onChange={choose}
      />
    </QueryField>
  );
}
