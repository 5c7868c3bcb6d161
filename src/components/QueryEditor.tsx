import { CoreApp, type QueryEditorProps } from '@grafana/data';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import { LoadingPlaceholder, Text } from '@grafana/ui';
import React, { useEffect } from 'react';
import { type StakesDataSource } from '../datasource';
import { useQueryHandlers } from '../hooks/useQueryHandlers';
import { useResource } from '../hooks/useResource';
import { complete, isAlerting, isFromLaterVersion } from '../lib/query';
import { sentence, visualizationHint } from '../lib/sentence';
import { controlsFor, findQuestion } from '../lib/vocabulary';
import { type StakesOptions, type StakesQuery } from '../types';
import { LoadFailure } from './LoadFailure';
import { MeasureFields } from './MeasureFields';
import { QuestionField } from './QuestionField';
import { SelectionFields } from './SelectionFields';
import { UnknownQuery } from './UnknownQuery';

type Props = QueryEditorProps<StakesDataSource, StakesQuery, StakesOptions>;

/** The question, the SLOs it is about, and what matters to it; all words come from the backend. */
export function QueryEditor({ query, datasource, app, onChange, onRunQuery }: Props) {
  const words = useResource(datasource.uid, () => datasource.vocabulary());
  const slos = useResource(datasource.uid, () => datasource.slos());
  const services = useResource(datasource.uid, () => datasource.services());
  const labels = useResource(datasource.uid, () => datasource.labels());
  const vocabulary = words.value;
  const { body, onQuestion, onSelect, onBody } = useQueryHandlers({ query, vocabulary, app, onChange, onRunQuery });

  const isNew = !query.queryType;
  useEffect(() => {
    if (isNew) {
      // Not every app asks for the default query before it opens the editor.
      onChange(complete(query, app));
      onRunQuery();
    }
    // Only the first look at a new query counts; the callbacks change on each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isNew]);

  if (words.loading || isNew) {
    return <LoadingPlaceholder text="Loading the questions…" />;
  }
  if (isFromLaterVersion(query) || (vocabulary && !findQuestion(vocabulary, query.queryType))) {
    return <UnknownQuery query={query} />;
  }

  const controls = controlsFor(vocabulary, query.queryType, body.measures);
  const { select: hasSelection, ...fields } = controls;
  const hasFields = Object.values(fields).some(Boolean);
  const idPrefix = `stakes-${query.refId}`;
  const displayNames = new Map(slos.value?.map(({ name, displayName }) => [name, displayName || name]));
  return (
    <EditorRows>
      <LoadFailure resources={{ vocabulary: words, SLOs: slos, services, labels }} />
      <EditorRow>
        <QuestionField
          id={`${idPrefix}-question`}
          queryType={query.queryType}
          vocabulary={vocabulary}
          onlyAlertable={isAlerting(app)}
          onQuestion={onQuestion}
        />
      </EditorRow>
      {hasSelection && (
        <EditorRow>
          <SelectionFields
            idPrefix={idPrefix}
            select={body.select}
            slos={slos}
            services={services}
            labels={labels}
            onSelect={onSelect}
          />
        </EditorRow>
      )}
      {hasFields && (
        <EditorRow>
          <MeasureFields idPrefix={idPrefix} body={body} controls={controls} vocabulary={vocabulary} onBody={onBody} />
        </EditorRow>
      )}
      {vocabulary && (
        <Text variant="bodySmall" color="secondary">
          <span role="status">
            {sentence(vocabulary, query.queryType, body, displayNames)}
            {app === CoreApp.PanelEditor && ` ${visualizationHint(vocabulary, query.queryType)}`}
          </span>
        </Text>
      )}
    </EditorRows>
  );
}
