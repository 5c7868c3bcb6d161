import { EditorField, EditorFieldGroup } from '@grafana/plugin-ui';
import { Button, IconButton } from '@grafana/ui';
import React, { useState } from 'react';
import { textOptions } from '../lib/options';
import { type Labels, type Selection } from '../types';
import { PickOne } from './Pick';

interface Props {
  idPrefix: string;
  labels: Selection['labels'];
  known: Labels;
  onChange: (labels: Record<string, string>) => void;
}

interface Matcher {
  key: string;
  value: string;
}

/** Label matchers, one row each. A row without a value waits here and is not part of the query yet. */
export function LabelMatchers({ idPrefix, labels = {}, known, onChange }: Props) {
  const [rows, setRows] = useState(() => toRows(labels));
  const [shown, setShown] = useState(() => JSON.stringify(labels));
  if (JSON.stringify(labels) !== shown) {
    // Changed elsewhere, unless it is the change that the rows already show.
    setShown(JSON.stringify(labels));
    if (JSON.stringify(toLabels(rows)) !== JSON.stringify(labels)) {
      setRows(toRows(labels));
    }
  }

  const update = (changed: Matcher[]) => {
    setRows(changed);
    if (JSON.stringify(toLabels(changed)) !== JSON.stringify(labels)) {
      onChange(toLabels(changed));
    }
  };
  const updateRow = (index: number, members: Partial<Matcher>) =>
    update(rows.map((row, at) => (at === index ? { ...row, ...members } : row)));
  const free = Object.keys(known).filter((key) => !rows.some((row) => row.key === key));

  return (
    <EditorField label="Labels" htmlFor={`${idPrefix}-label-add`} tooltip="Only SLOs that carry all of these labels">
      <EditorFieldGroup>
        {rows.map(({ key, value }, index) => (
          <EditorFieldGroup key={index}>
            <PickOne
              inputId={`${idPrefix}-label-key-${index}`}
              aria-label={`Label ${index + 1}`}
              options={textOptions(key ? [key, ...free] : free)}
              value={key}
              allowCustomValue
              width={20}
              placeholder="Label"
              onChange={(chosen = '') => updateRow(index, { key: chosen, value: '' })}
            />
            <PickOne
              inputId={`${idPrefix}-label-value-${index}`}
              aria-label={`Value of label ${key || index + 1}`}
              options={textOptions(known[key] ?? [])}
              value={value}
              allowCustomValue
              width={24}
              placeholder="Value"
              onChange={(chosen = '') => updateRow(index, { value: chosen })}
            />
            <IconButton
              name="times"
              aria-label={`Remove label ${key || index + 1}`}
              onClick={() => update(rows.filter((_, at) => at !== index))}
            />
          </EditorFieldGroup>
        ))}
        <Button
          id={`${idPrefix}-label-add`}
          variant="secondary"
          icon="plus"
          aria-label="Add label"
          onClick={() => setRows([...rows, { key: '', value: '' }])}
        />
      </EditorFieldGroup>
    </EditorField>
  );
}

function toRows(labels: NonNullable<Selection['labels']>): Matcher[] {
  return Object.entries(labels).flatMap(([key, value]) => [value].flat().map((one) => ({ key, value: one })));
}

function toLabels(rows: Matcher[]): Record<string, string> {
  return Object.fromEntries(rows.filter(({ key, value }) => key && value).map(({ key, value }) => [key, value]));
}
