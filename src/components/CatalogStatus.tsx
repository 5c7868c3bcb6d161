import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { type ValidationState } from '../hooks/useValidation';
import { isWarning, summary } from '../lib/problems';
import { texts } from '../texts';

interface Props {
  validation: ValidationState;
  /** There is nothing to check yet */
  isEmpty: boolean;
}

/** The result of the check in one line; the icon says the same as the words. */
export function CatalogStatus({ validation: { checking, result }, isEmpty }: Props) {
  const styles = useStyles2(getStyles);
  const problems = result?.problems ?? [];
  return (
    <p role="status" aria-label={texts.catalog.result} className={styles.status}>
      {isEmpty && texts.catalog.empty}
      {!isEmpty && checking && texts.catalog.checking}
      {!isEmpty && !checking && result && (
        <>
          {problems.length === 0 && <Icon name="check-circle" className={styles.good} />}
          {problems.length > 0 && (
            <Icon name="exclamation-triangle" className={problems.every(isWarning) ? styles.warning : styles.bad} />
          )}{' '}
          {summary(result)}
        </>
      )}
    </p>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  status: css({ margin: theme.spacing(1, 0), color: theme.colors.text.secondary }),
  good: css({ color: theme.colors.success.text }),
  warning: css({ color: theme.colors.warning.text }),
  bad: css({ color: theme.colors.error.text }),
});
