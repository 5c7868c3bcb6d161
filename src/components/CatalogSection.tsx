import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ConfigSection } from '@grafana/plugin-ui';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { useValidation, type ValidationState } from '../hooks/useValidation';
import { problemText, summary } from '../lib/problems';
import { type Validation } from '../types';
import { CatalogEditor, type GoToLine } from './CatalogEditor';

interface Props {
  catalog: string;
  readOnly?: boolean;
  onChange: (catalog: string) => void;
  validate: (catalog: string) => Promise<Validation>;
}

/** The catalogue and what the backend finds wrong with it. */
export function CatalogSection({ catalog, readOnly, onChange, validate }: Props) {
  const styles = useStyles2(getStyles);
  const validation = useValidation(catalog, validate);
  const [goTo, setGoTo] = useState<{ line?: GoToLine }>({});
  const found = validation.result?.problems;
  const problems = useMemo(() => found ?? [], [found]);

  return (
    <ConfigSection
      title="Catalogue"
      description="The SLOs and what depends on them, as YAML documents: OpenSLO, Sloth, Pyrra and Stakes."
    >
      <CatalogEditor
        value={catalog}
        readOnly={readOnly}
        problems={problems}
        onChange={onChange}
        onReady={(line) => setGoTo({ line })}
      />
      <p role="status" aria-label="Result of the check" className={styles.status}>
        {statusText(validation)}
      </p>
      {validation.error && (
        <Alert severity="info" title="The catalogue could not be checked.">
          It is checked by the data source itself, which has to be saved once before it can answer. Reason given:{' '}
          {validation.error}
        </Alert>
      )}
      <ul aria-label="Problems of the catalogue" className={styles.problems}>
        {problems.map((problem, index) => (
          <li key={index}>
            {problem.line !== undefined && (
              <Button
                fill="text"
                size="sm"
                disabled={!goTo.line}
                onClick={() => goTo.line?.(problem.line ?? 1)}
              >{`Line ${problem.line}`}</Button>
            )}
            {problemText(problem)}
          </li>
        ))}
      </ul>
    </ConfigSection>
  );
}

function statusText({ checking, result }: ValidationState): string {
  if (checking) {
    return 'Checking…';
  }
  return result ? summary(result) : '';
}

const getStyles = (theme: GrafanaTheme2) => ({
  status: css({ margin: theme.spacing(1, 0), color: theme.colors.text.secondary }),
  problems: css({ listStyle: 'none', color: theme.colors.text.primary }),
});
