import React from 'react';
import { type Marks } from '../lib/answers';
import { measureOptions } from '../lib/options';
import { DEFAULT_LOOKBACK, DEFAULT_MEASURE } from '../lib/sentence';
import { failuresProblem, intervalProblem } from '../lib/settings';
import { costProblem, parseTargets, targetsProblem, targetsText } from '../lib/targets';
import { choices, defaultChoice, titleOf, type Choice, type Controls } from '../lib/vocabulary';
import { texts } from '../texts';
import { type QueryBody, type Vocabulary } from '../types';
import { ChoiceField } from './ChoiceField';
import { CommitInput } from './CommitInput';
import { PICK_MANY_WIDTH, PickMany } from './Pick';
import { QueryField } from './QueryField';
import { WindowField } from './WindowField';

interface Props {
  idPrefix: string;
  body: QueryBody;
  controls: Controls;
  vocabulary?: Vocabulary;
  errors: Marks;
  onBody: (members: Partial<QueryBody>) => void;
}

/** What is measured, and how: only the controls that matter to the question. */
export function MeasureFields({ idPrefix, body, controls, vocabulary, errors, onBody }: Props) {
  const t = texts.fields;
  const choice = (control: Choice, label: string, tip: string) =>
    controls[control] && (
      <ChoiceField
        id={`${idPrefix}-${control}`}
        label={label}
        tip={tip}
        terms={choices(vocabulary, control)}
        value={body[control]}
        standard={defaultChoice(vocabulary, control)}
        free={!vocabulary}
        error={errors[control]}
        onChange={(name) => onBody({ [control]: name })}
      />
    );

  return (
    <>
      {controls.measures && (
        <QueryField
          htmlFor={`${idPrefix}-measures`}
          label={t.measures}
          tip={t.measuresTip}
          error={errors.measures}
          width={PICK_MANY_WIDTH}
        >
          <PickMany
            inputId={`${idPrefix}-measures`}
            options={measureOptions(vocabulary?.measures ?? [])}
            values={body.measures}
            // Without the vocabulary a measure can only be given by its name.
            typed={vocabulary ? 'variables' : 'anything'}
            placeholder={titleOf(vocabulary?.measures, DEFAULT_MEASURE)}
            onChange={(measures) => onBody({ measures })}
          />
        </QueryField>
      )}
      {controls.by && (
        <ChoiceField
          id={`${idPrefix}-by`}
          label={t.by}
          tip={t.byTip}
          terms={vocabulary?.by ?? []}
          value={body.by}
          standard="slo"
          free={!vocabulary}
          error={errors.by}
          onChange={(by) => onBody({ by })}
        />
      )}
      {choice('pool', t.pool, t.poolTip)}
      {choice('period', t.period, t.periodTip)}
      {controls.lookback && (
        <CommitInput
          id={`${idPrefix}-lookback`}
          label={t.lookback}
          tip={t.lookbackTip}
          placeholder={DEFAULT_LOOKBACK}
          value={body.lookback}
          problem={intervalProblem}
          error={errors.lookback}
          onCommit={(lookback) => onBody({ lookback })}
        />
      )}
      {controls.window && (
        <WindowField
          id={`${idPrefix}-window`}
          value={body.window}
          units={vocabulary?.periods ?? []}
          error={errors.window}
          onChange={(window) => onBody({ window })}
        />
      )}
      {controls.horizon && (
        <CommitInput
          id={`${idPrefix}-horizon`}
          label={t.horizon}
          tip={t.horizonTip}
          placeholder={t.default}
          value={body.horizon}
          problem={intervalProblem}
          error={errors.horizon}
          onCommit={(horizon) => onBody({ horizon })}
        />
      )}
      {choice('scenario', t.scenario, t.scenarioTip)}
      {controls.failures && (
        <CommitInput
          id={`${idPrefix}-failures`}
          label={t.failures}
          tip={t.failuresTip}
          placeholder={t.failuresPlaceholder}
          value={body.failures}
          problem={failuresProblem}
          error={errors.failures}
          onCommit={(failures) => onBody({ failures })}
        />
      )}
      {controls.targets && (
        <CommitInput
          id={`${idPrefix}-targets`}
          label={t.targets}
          tip={t.targetsTip}
          placeholder={t.targetsPlaceholder}
          width={24}
          value={targetsText(body.targets)}
          problem={targetsProblem}
          error={errors.targets}
          onCommit={(text) => onBody({ targets: parseTargets(text) })}
        />
      )}
      {controls.cost && (
        <CommitInput
          id={`${idPrefix}-cost`}
          label={t.cost}
          tip={t.costTip}
          placeholder={t.costPlaceholder}
          value={body.cost}
          problem={costProblem}
          error={errors.cost}
          onCommit={(cost) => onBody({ cost })}
        />
      )}
      {choice('audience', t.audience, t.audienceTip)}
      {choice('locale', t.locale, t.localeTip)}
    </>
  );
}
