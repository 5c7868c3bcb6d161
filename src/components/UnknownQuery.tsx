import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, useStyles2 } from '@grafana/ui';
import React from 'react';
import { isFromLaterVersion } from '../lib/query';
import { texts } from '../texts';
import { type StakesQuery } from '../types';

/** A query that this version of the plugin cannot show: read only, because an edit would lose parts of it. */
export function UnknownQuery({ query }: { query: StakesQuery }) {
  const styles = useStyles2(getStyles);
  const t = texts.unknownQuery;
  return (
    <>
      <Alert severity="info" title={isFromLaterVersion(query) ? t.later : t.question(query.queryType)}>
        {t.kept}
      </Alert>
      <pre className={styles.json} aria-label={t.json}>
        {JSON.stringify({ queryType: query.queryType, query: query.query }, null, 2)}
      </pre>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  json: css({ margin: theme.spacing(0), fontSize: theme.typography.bodySmall.fontSize }),
});
