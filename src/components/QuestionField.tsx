import React from 'react';
import { questionOptions } from '../lib/options';
import { findQuestion } from '../lib/vocabulary';
import { texts } from '../texts';
import { type Vocabulary } from '../types';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';

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
    <QueryField
      htmlFor={id}
      label={texts.fields.question}
      tip={texts.fields.questionTip}
      error={unusable ? texts.fields.notAlertable : undefined}
    >
      <PickOne
        inputId={id}
        options={shown}
        value={queryType}
        typed={vocabulary ? undefined : 'anything'}
        width={60}
        onChange={(chosen) => chosen && chosen !== queryType && onQuestion(chosen)}
      />
    </QueryField>
  );
}
