import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { reason } from '../lib/errors';
import { texts } from '../texts';
import { type Preview } from '../types';

interface Props {
  catalog: string;
  preview: (catalog: string) => Promise<Preview>;
}

/** An answer to a text; once the text has changed it says nothing any more. */
interface Tried {
  catalog: string;
  result?: Preview;
  error?: string;
}

/** What the SLOs of the text would have said until now, on the data that there is, before anything is saved. */
export function CatalogPreview({ catalog, preview }: Props) {
  const styles = useStyles2(getStyles);
  const t = texts.catalog;
  const [asked, setAsked] = useState<string>();
  const [tried, setTried] = useState<Tried>();
  const isTrying = asked !== undefined && tried?.catalog !== asked;
  const shown = tried?.catalog === catalog ? tried : undefined;

  const tryOut = async () => {
    setAsked(catalog);
    try {
      setTried({ catalog, result: await preview(catalog) });
    } catch (error) {
      setTried({ catalog, error: reason(error) });
    }
  };

  return (
    <div className={styles.root}>
      <Button variant="secondary" icon="play" disabled={isTrying} onClick={tryOut}>
        {isTrying ? t.trying : t.tryOut}
      </Button>
      <div aria-live="polite">
        {shown?.error && <Alert severity="warning" title={t.notTried(shown.error)} className={styles.answer} />}
        {shown?.result && (
          <dl aria-label={t.tried} className={styles.answer}>
            {shown.result.slos.map(({ slo, title, said, figures }) => (
              <React.Fragment key={slo}>
                <dt className={styles.title}>{title}</dt>
                <dd className={styles.said}>
                  {said}
                  <details>
                    <summary>{t.figures}</summary>
                    {figures}
                  </details>
                </dd>
              </React.Fragment>
            ))}
          </dl>
        )}
        {Boolean(shown?.result?.warnings.length) && (
          <ul aria-label={t.previewWarnings} className={styles.warnings}>
            {shown?.result?.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
        {Boolean(shown?.result?.left) && <p>{t.left(shown?.result?.left ?? 0)}</p>}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({ marginTop: theme.spacing(1) }),
  answer: css({ margin: theme.spacing(1, 0) }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  warnings: css({ color: theme.colors.warning.text, margin: theme.spacing(1, 0, 1, 2) }),
  said: css({ color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 1, 1) }),
});
