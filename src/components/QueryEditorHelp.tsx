import { css } from '@emotion/css';
import { type GrafanaTheme2, type QueryEditorHelpProps } from '@grafana/data';
import { Button, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { type StakesDataSource } from '../datasource';
import { useResource } from '../hooks/useResource';
import { examples, questionExamples, type Example } from '../lib/examples';
import { DEFAULT_MEASURE } from '../lib/sentence';
import { texts } from '../texts';
import { type StakesQuery } from '../types';
import { LoadFailure } from './LoadFailure';

/** Examples to click, every question, and the words for measures: the last two as the backend says them. */
export default function QueryEditorHelp({ datasource, query, onClickExample }: QueryEditorHelpProps<StakesQuery>) {
  const styles = useStyles2(getStyles);
  const stakes = datasource as StakesDataSource;
  const words = useResource(stakes.uid, () => stakes.vocabulary());
  if (words.loading) {
    return <LoadingPlaceholder text={texts.fields.loadingQuestions} />;
  }
  if (!words.value) {
    return <LoadFailure resources={{ vocabulary: words }} />;
  }
  const t = texts.help;
  const ask = (example: Example) => onClickExample({ refId: query.refId, ...example.query });
  return (
    <>
      <h2>{t.title}</h2>
      <p>{t.introduction}</p>
      <h3>{t.examplesTitle}</h3>
      <Examples examples={examples(words.value)} onAsk={ask} />
      <h3>{t.questionsTitle}</h3>
      <Examples examples={questionExamples(words.value, DEFAULT_MEASURE)} onAsk={ask} />
      <h3>{t.measuresTitle}</h3>
      <dl>
        {words.value.measures.map(({ name, title, unit, words: meaning }) => (
          <React.Fragment key={name}>
            <dt>{unit ? `${title} [${unit}]` : title}</dt>
            <dd className={styles.meaning}>{meaning}</dd>
          </React.Fragment>
        ))}
      </dl>
    </>
  );
}

interface ExamplesProps {
  examples: Example[];
  onAsk: (example: Example) => void;
}

function Examples({ examples: list, onAsk }: ExamplesProps) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.list}>
      {list.map((example) => (
        <li key={example.title}>
          <Button fill="text" size="sm" onClick={() => onAsk(example)}>
            {example.title}
          </Button>
          <p className={styles.meaning}>{example.words}</p>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  meaning: css({ color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 1, 1) }),
});
