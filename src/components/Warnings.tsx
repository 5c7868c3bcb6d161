import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, useStyles2 } from '@grafana/ui';
import React from 'react';
import { texts } from '../texts';

/** How many warnings are read at a glance. */
const SHOWN = 3;

/** What the backend warned of, all in one place: the first few, and how many more there are. */
export function Warnings({ warnings }: { warnings: string[] }) {
  const styles = useStyles2(getStyles);
  const [first, ...others] = warnings;
  if (first === undefined) {
    return null;
  }
  if (others.length === 0) {
    return <Alert severity="warning" title={first} className={styles.box} />;
  }
  const more = warnings.slice(SHOWN);
  return (
    <Alert severity="warning" title={texts.fields.warnings(warnings.length)} className={styles.box}>
      <ul className={styles.list}>
        {warnings.slice(0, SHOWN).map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
      {more.length > 0 && (
        <details>
          <summary>{texts.fields.moreWarnings(more.length)}</summary>
          <ul className={styles.list}>
            {more.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </Alert>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ margin: theme.spacing(0) }),
  list: css({ listStyle: 'none' }),
});
