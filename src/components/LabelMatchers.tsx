import { EditorFieldGroup } from '@grafana/plugin-ui';
import { Button, IconButton } from '@grafana/ui';
import React, { useState } from 'react';
import { textOptions } from '../lib/options';
import { texts } from '../texts';
import { type Labels, type Selection } from '../types';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';

interface Props {
  idPrefix: string;
  labels: Selection['labels'];
  known: Labels;
  error?: string;
  onChange: (labels: Record<string, string>) => void;
}

interface Matcher {
  key: string;
  value: string;
}

/** Label matchers, one row each. A row without a value waits here and is not part of the query yet. */
export function LabelMatchers({ idPrefix, labels = {}, known, error, onChange }: Props) {
  const [rows, setRows] = useState(() => toRows(labels));
  /** The row that was just added: whoever added it goes on there */
  const [added, setAdded] = useState<number>();
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

  const t = texts.fields;

  return (
    <QueryField htmlFor={`${idPrefix}-label-add`} label={t.labels} tip={t.labelsTip} error={error}>
      <EditorFieldGroup>
        {rows.map(({ key, value }, index) => (
          <EditorFieldGroup key={index}>
            <PickOne
              inputId={`${idPrefix}-label-key-${index}`}
              aria-label={t.label(index + 1)}
              autoFocus={index === added}
              options={textOptions(key ? [key, ...free] : free)}
              value={key}
              typed="anything"
              width={20}
              placeholder={t.labelPlaceholder}
              onChange={(chosen = '') => updateRow(index, { key: chosen, value: '' })}
            />
            <PickOne
              inputId={`${idPrefix}-label-value-${index}`}
              aria-label={t.labelValue(key || index + 1)}
              options={textOptions(known[key] ?? [])}
              value={value}
              typed="anything"
              width={24}
              placeholder={t.valuePlaceholder}
              onChange={(chosen = '') => updateRow(index, { value: chosen })}
            />
            <IconButton
              name="times"
              aria-label={t.removeLabel(key || index + 1)}
              onClick={() => update(rows.filter((_, at) => at !== index))}
            />
          </EditorFieldGroup>
        ))}
        <Button
          id={`${idPrefix}-label-add`}
          variant="secondary"
          icon="plus"
          aria-label={t.addLabel}
          onClick={() => {
            setRows([...rows, { key: '', value: '' }]);
            setAdded(rows.length);
          }}
        />
      </EditorFieldGroup>
    </QueryField>
  );
}

function toRows(labels: NonNullable<Selection['labels']>): Matcher[] {
  return Object.entries(labels).flatMap(([key, value]) => [value].flat().map((one) => ({ key, value: one })));
}

function toLabels(rows: Matcher[]): Record<string, string> {
  return Object.fromEntries(rows.filter(({ key, value }) => key && value).map(({ key, value }) => [key, value]));
}
