import { EditorField } from '@grafana/plugin-ui';
import React from 'react';
import { intervalProblem } from '../lib/settings';
import { measureOptions, termOptions } from '../lib/options';
import { DEFAULT_LOOKBACK, DEFAULT_MEASURE } from '../lib/sentence';
import { titleOf, type Controls } from '../lib/vocabulary';
import { type QueryBody, type Vocabulary } from '../types';
import { CommitInput } from './CommitInput';
import { PICK_MANY_WIDTH, PickMany, PickOne } from './Pick';

interface Props {
  idPrefix: string;
  body: QueryBody;
  controls: Controls;
  vocabulary?: Vocabulary;
  onBody: (members: Partial<QueryBody>) => void;
}

/** What is measured, and how: only the controls that matter to the question. */
export function MeasureFields({ idPrefix, body, controls, vocabulary, onBody }: Props) {
  return (
    <>
      {controls.measures && (
        <EditorField label="Measures" htmlFor={`${idPrefix}-measures`} width={PICK_MANY_WIDTH}>
          <PickMany
            inputId={`${idPrefix}-measures`}
            options={measureOptions(vocabulary?.measures ?? [])}
            values={body.measures}
            // Without the vocabulary a measure can only be given by its name.
            allowCustomValue={!vocabulary}
            placeholder={titleOf(vocabulary?.measures, DEFAULT_MEASURE)}
            onChange={(measures) => onBody({ measures })}
          />
        </EditorField>
      )}
      {controls.by && (
        <EditorField label="By" htmlFor={`${idPrefix}-by`} tooltip="What one answer is about">
          <PickOne
            inputId={`${idPrefix}-by`}
            options={termOptions(vocabulary?.by ?? [])}
            value={body.by ?? 'slo'}
            allowCustomValue={!vocabulary}
            width={20}
            // The default is not saved.
            onChange={(by) => onBody({ by: by === 'slo' ? undefined : by })}
          />
        </EditorField>
      )}
      {controls.lookback && (
        <CommitInput
          id={`${idPrefix}-lookback`}
          label="Lookback"
          tooltip="The interval that rates are measured over"
          placeholder={DEFAULT_LOOKBACK}
          value={body.lookback}
          problem={intervalProblem}
          onCommit={(text) => onBody({ lookback: text })}
        />
      )}
      {controls.window && (
        <CommitInput
          id={`${idPrefix}-window`}
          label="Window"
          tooltip="Replaces the time window that each SLO was promised for"
          placeholder="Each SLO's own"
          value={body.window}
          problem={intervalProblem}
          onCommit={(text) => onBody({ window: text })}
        />
      )}
      {controls.audience && (
        <EditorField label="Audience" htmlFor={`${idPrefix}-audience`} tooltip="Who the statement is written for">
          <PickOne
            inputId={`${idPrefix}-audience`}
            options={termOptions(vocabulary?.audiences ?? [])}
            value={body.audience ?? vocabulary?.audiences[0]?.name}
            allowCustomValue={!vocabulary}
            width={20}
            onChange={(audience) => onBody({ audience })}
          />
        </EditorField>
      )}
    </>
  );
}
