import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ConfigSection } from '@grafana/plugin-ui';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { useValidation } from '../hooks/useValidation';
import { EXAMPLE } from '../lib/example';
import { problemText } from '../lib/problems';
import { type Validation } from '../types';
import { CatalogEditor, type GoToLine } from './CatalogEditor';
import { CatalogStatus } from './CatalogStatus';

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
  const isEmpty = catalog.trim() === '';

  return (
    <ConfigSection
      title="Catalogue"
      description="The SLOs and what depends on them, as YAML documents: OpenSLO for what is measured, stakes/v1 for what it means. Everybody who sees a dashboard can get at this text; docs/install.md says where confidential documents go."
    >
      <CatalogEditor
        value={catalog}
        readOnly={readOnly}
        problems={problems}
        onChange={onChange}
        onReady={(line) => setGoTo({ line })}
      />
      <CatalogStatus validation={validation} isEmpty={isEmpty} />
      {isEmpty && !readOnly && (
        <Button variant="secondary" icon="file-alt" onClick={() => onChange(EXAMPLE)}>
          Start with an example
        </Button>
      )}
      {validation.error && (
        <Alert severity="info" title="The catalogue could not be checked.">
          It is checked by the data source itself, which has to be saved once before it can answer. Reason given:{' '}
          {validation.error}
        </Alert>
      )}
      <ul aria-label="Problems of the catalogue" className={styles.problems}>
        {problems.map((problem, index) => (
          <li key={index} className={styles.problem}>
            {problem.line !== undefined && (
              <Button
                className={styles.line}
                fill="text"
                size="sm"
                disabled={!goTo.line}
                onClick={() => goTo.line?.(problem.line ?? 1)}
              >{`Line ${problem.line}`}</Button>
            )}
            <span className={styles.message}>{problemText(problem)}</span>
          </li>
        ))}
      </ul>
    </ConfigSection>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  problems: css({ listStyle: 'none', color: theme.colors.text.primary }),
  problem: css({ display: 'flex', alignItems: 'baseline', gap: theme.spacing(1), marginBottom: theme.spacing(0.5) }),
  line: css({ flexShrink: 0, minWidth: theme.spacing(10), justifyContent: 'flex-start' }),
  message: css({ overflowWrap: 'anywhere' }),
});
