import { CoreApp, type QueryEditorProps } from '@grafana/data';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import { LoadingPlaceholder, Text } from '@grafana/ui';
import React, { useEffect } from 'react';
import { type StakesDataSource } from '../datasource';
import { useCatalogue } from '../hooks/useCatalogue';
import { useQueryHandlers } from '../hooks/useQueryHandlers';
import { useResource } from '../hooks/useResource';
import { answerTo, endsAtOnce, isAnsweredByAnother, marks } from '../lib/answers';
import { type Purpose } from '../lib/options';
import { complete, isAlerting, isFromLaterVersion, migrate } from '../lib/query';
import { sentence, visualizationHint } from '../lib/sentence';
import { controlsFor, findQuestion } from '../lib/vocabulary';
import { testIds } from '../testIds';
import { texts } from '../texts';
import { type Named, type StakesOptions, type StakesQuery } from '../types';
import { FormatField } from './FormatField';
import { LoadFailure } from './LoadFailure';
import { MeasureFields } from './MeasureFields';
import { QuestionField } from './QuestionField';
import { SelectionFields } from './SelectionFields';
import { UnknownQuery } from './UnknownQuery';
import { Warnings } from './Warnings';

interface Props extends QueryEditorProps<StakesDataSource, StakesQuery, StakesOptions> {
  /** What the query is made for, where the app does not say it */
  purpose?: Purpose;
}

/** The question, the SLOs it is about, and what matters to it; all words come from the backend. */
export function QueryEditor({
  query: saved,
  datasource,
  app,
  purpose = purposeOf(app),
  data,
  onChange,
  onRunQuery,
}: Props) {
  const query = migrate(saved);
  const words = useResource(datasource.uid, () => datasource.vocabulary());
  const catalogue = useCatalogue(datasource);
  const vocabulary = words.value;
  const { body, onQuestion, onSelect, onBody } = useQueryHandlers({ query, vocabulary, app, onChange, onRunQuery });

  const isNew = !query.queryType;
  const isOfAnother = isAnsweredByAnother(query.refId, datasource.uid, data);
  useEffect(() => {
    if (isOfAnother && !isNew) {
      // Grafana keeps the old answer when the data source is changed for another one of the same kind.
      onRunQuery();
    }
    // Only a new data source counts; the callback changes on each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [datasource.uid]);
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
    return <LoadingPlaceholder text={texts.fields.loadingQuestions} />;
  }
  const question = findQuestion(vocabulary, query.queryType);
  if (isFromLaterVersion(query) || (vocabulary && !question)) {
    return <UnknownQuery query={query} />;
  }

  const controls = controlsFor(vocabulary, query.queryType, body);
  const { select: hasSelection, ...fields } = controls;
  const hasFields = Object.values(fields).some(Boolean);
  const idPrefix = `stakes-${query.refId}`;
  const answer = answerTo(query.refId, data);
  const errors = marks(answer.errors, body);
  return (
    <div data-testid={testIds.queryEditor}>
      <EditorRows>
        <LoadFailure resources={{ vocabulary: words, ...catalogue }} />
        <EditorRow>
          <QuestionField
            id={`${idPrefix}-question`}
            queryType={query.queryType}
            vocabulary={vocabulary}
            purpose={purpose}
            onQuestion={onQuestion}
          />
          {controls.format && (
            <FormatField
              id={`${idPrefix}-format`}
              question={question}
              format={body.format}
              onlyAlertable={purpose === 'alerting'}
              error={errors.format}
              onFormat={(format) => onBody({ format })}
            />
          )}
        </EditorRow>
        {hasSelection && (
          <EditorRow>
            <SelectionFields
              idPrefix={idPrefix}
              select={body.select}
              catalogue={catalogue}
              errors={errors}
              onSelect={onSelect}
            />
          </EditorRow>
        )}
        {hasFields && (
          <EditorRow>
            <MeasureFields
              idPrefix={idPrefix}
              body={body}
              controls={controls}
              vocabulary={vocabulary}
              errors={errors}
              onBody={onBody}
            />
          </EditorRow>
        )}
        <Warnings warnings={answer.warnings} />
        {vocabulary && (
          <Text variant="bodySmall" color="secondary">
            <span role="status">
              {sentence(vocabulary, query.queryType, body, {
                slos: displayNames(catalogue.slos.value),
                journeys: displayNames(catalogue.journeys.value),
              })}
              {app === CoreApp.PanelEditor && ` ${visualizationHint(vocabulary, query.queryType, body.format)}`}
              {controls.horizon && endsAtOnce(data) && ` ${texts.sentence.liesAhead}`}
            </span>
          </Text>
        )}
      </EditorRows>
    </div>
  );
}

function purposeOf(app?: CoreApp): Purpose | undefined {
  return isAlerting(app) ? 'alerting' : undefined;
}

function displayNames(things: Named[] = []): ReadonlyMap<string, string> {
  return new Map(things.map(({ name, displayName }) => [name, displayName || name]));
}
