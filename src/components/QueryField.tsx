import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Field, IconButton, useStyles2 } from '@grafana/ui';
import React, { type ReactElement } from 'react';

interface Props {
  /** Of the control that the label belongs to */
  htmlFor: string;
  label: string;
  /** What the word means, for whoever meets it for the first time */
  tip?: string;
  error?: string;
  /** Least width in units of the grid */
  width?: number;
  children: ReactElement;
}

/**
 * A control with its label. The explanation is a button, so that it can be reached without a mouse; that is
 * what plugin-ui's EditorField does not offer.
 */
export function QueryField({ htmlFor, label, tip, error, width = 0, children }: Props) {
  const styles = useStyles2(getStyles, width);
  return (
    <div className={styles.root}>
      <Field
        className={styles.field}
        htmlFor={htmlFor}
        invalid={Boolean(error)}
        error={error}
        label={
          <div className={styles.head}>
            <label htmlFor={htmlFor} className={styles.label}>
              {label}
            </label>
            {tip && <IconButton name="info-circle" size="sm" tooltip={tip} />}
          </div>
        }
      >
        {children}
      </Field>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2, width: number) => ({
  root: css({ minWidth: theme.spacing(width) }),
  field: css({ margin: 0 }),
  head: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), marginBottom: theme.spacing(0.5) }),
  label: css({ fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightMedium }),
});
