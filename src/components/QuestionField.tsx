import React from 'react';
import { questionOptions, serves, type Purpose } from '../lib/options';
import { findQuestion } from '../lib/vocabulary';
import { texts } from '../texts';
import { type Vocabulary } from '../types';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';

interface Props {
  id: string;
  queryType?: string;
  vocabulary?: Vocabulary;
  /** Alert rules and annotations can only be made of some questions */
  purpose?: Purpose;
  onQuestion: (queryType: string) => void;
}

/** The question comes first: everything else follows from it. */
export function QuestionField({ id, queryType, vocabulary, purpose, onQuestion }: Props) {
  const question = findQuestion(vocabulary, queryType);
  const options = questionOptions(vocabulary?.queryTypes ?? [], purpose);
  const isUnusable = Boolean(purpose && question && !serves(question, purpose));
  // A question that is not offered here is still shown in its words.
  const shown = question && isUnusable ? [...options, ...questionOptions([question])] : options;

  return (
    <QueryField
      htmlFor={id}
      label={texts.fields.question}
      tip={texts.fields.questionTip}
      error={purpose && isUnusable ? texts.fields.unusable[purpose] : undefined}
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
