import { EditorField } from '@grafana/plugin-ui';
import React from 'react';
import { questionOptions } from '../lib/options';
import { findQuestion } from '../lib/vocabulary';
import { type Vocabulary } from '../types';
import { PickOne } from './Pick';

interface Props {
  id: string;
  queryType?: string;
  vocabulary?: Vocabulary;
  /** Alert rules can only be made of some questions */
  onlyAlertable: boolean;
  onQuestion: (queryType: string) => void;
}

/** The question comes first: everything else follows from it. */
export function QuestionField({ id, queryType, vocabulary, onlyAlertable, onQuestion }: Props) {
  const question = findQuestion(vocabulary, queryType);
  const options = questionOptions(vocabulary?.queryTypes ?? [], onlyAlertable);
  const unusable = onlyAlertable && question?.alertable === false;
  // A question that is not offered here is still shown in its words.
  const shown = question && unusable ? [...options, ...questionOptions([question], false)] : options;

  return (
    <EditorField
      label="Question"
      htmlFor={id}
      invalid={unusable}
      error={unusable ? 'An alert rule cannot be made of this question. Choose another one.' : undefined}
    >
      <PickOne
        inputId={id}
        options={shown}
        value={queryType}
        allowCustomValue={!vocabulary}
        width={60}
        onChange={(chosen) => chosen && chosen !== queryType && onQuestion(chosen)}
      />
    </EditorField>
  );
}
