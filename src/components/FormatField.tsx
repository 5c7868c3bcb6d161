import React from 'react';
import { texts } from '../texts';
import { type Question } from '../types';
import { ChoiceField } from './ChoiceField';

interface Props {
  id: string;
  question: Question | undefined;
  format?: string;
  /** Only the first format can be alerted on */
  onlyAlertable: boolean;
  error?: string;
  onFormat: (format: string | undefined) => void;
}

/** The form of the answer. In alerting there is a choice only where a wrong one was made. */
export function FormatField({ id, question, format, onlyAlertable, error, onFormat }: Props) {
  const formats = question?.formats ?? [];
  const standard = formats[0]?.name;
  const isUnusable = onlyAlertable && format !== undefined && format !== standard;
  if (onlyAlertable && !isUnusable) {
    return null;
  }
  return (
    <ChoiceField
      id={id}
      label={texts.fields.format}
      tip={texts.fields.formatTip}
      terms={onlyAlertable ? formats.filter(({ name }) => name === standard || name === format) : formats}
      value={format}
      standard={standard}
      free={false}
      error={isUnusable ? texts.fields.formatNotAlertable : error}
      onChange={onFormat}
    />
  );
}
