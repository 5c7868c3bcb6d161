import { bodyForQuestion, findQuestion } from '../lib/vocabulary';
import { defaultQuery, shorten } from '../lib/query';
import { QUERY_VERSION, type QueryBody, type Selection, type StakesQuery, type Vocabulary } from '../types';
import { type CoreApp } from '@grafana/data';

interface Props {
  query: StakesQuery;
  vocabulary?: Vocabulary;
  app?: CoreApp;
  onChange: (query: StakesQuery) => void;
  onRunQuery: () => void;
}

/** The changes that the query editor can make. Each one is saved in its short form and run at once. */
export function useQueryHandlers({ query, vocabulary, app, onChange, onRunQuery }: Props) {
  const body: QueryBody = query.query ?? { version: QUERY_VERSION };

  const save = (changed: StakesQuery) => {
    onChange(changed);
    onRunQuery();
  };
  const onBody = (members: Partial<QueryBody>) => save({ ...query, query: shorten({ ...body, ...members }) });
  const onSelect = (members: Selection) => onBody({ select: { ...body.select, ...members } });

  const onQuestion = (queryType: string) => {
    const question = findQuestion(vocabulary, queryType);
    const fallback = defaultQuery(app).query?.measures ?? ['budget_remaining'];
    const kept = question ? bodyForQuestion(body, question, fallback) : body;
    save({ ...query, queryType, query: shorten(kept) });
  };

  return { body, onQuestion, onSelect, onBody };
}
