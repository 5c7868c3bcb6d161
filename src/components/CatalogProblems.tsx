import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { problemText } from '../lib/problems';
import { texts } from '../texts';
import { type Problem } from '../types';
import { type GoToLine } from './CatalogEditor';

interface Props {
  problems: Problem[];
  /** Missing until the editor is there */
  goToLine?: GoToLine;
}

/** Every problem, with a button that goes to its line. */
export function CatalogProblems({ problems, goToLine }: Props) {
  const styles = useStyles2(getStyles);
  if (problems.length === 0) {
    return null;
  }
  return (
    <ul aria-label={texts.catalog.problems} className={styles.problems}>
      {problems.map((problem, index) => (
        <li key={index} className={styles.problem}>
          {problem.line !== undefined && (
            <Button
              className={styles.line}
              fill="text"
              size="sm"
              disabled={!goToLine}
              onClick={() => goToLine?.(problem.line ?? 1)}
            >
              {texts.catalog.line(problem.line)}
            </Button>
          )}
          <span className={styles.message}>{problemText(problem)}</span>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  problems: css({ listStyle: 'none', color: theme.colors.text.primary }),
  problem: css({ display: 'flex', alignItems: 'baseline', gap: theme.spacing(1), marginBottom: theme.spacing(0.5) }),
  line: css({ flexShrink: 0, minWidth: theme.spacing(10), justifyContent: 'flex-start' }),
  message: css({ overflowWrap: 'anywhere' }),
});
