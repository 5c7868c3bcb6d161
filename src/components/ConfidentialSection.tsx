import { ConfigSection } from '@grafana/plugin-ui';
import { SecretTextArea } from '@grafana/ui';
import React from 'react';
import { texts } from '../texts';

interface Props {
  /** Something is saved, which Grafana does not give out again */
  isConfigured: boolean;
  readOnly?: boolean;
  text: string;
  onChange: (text: string) => void;
  onReset: () => void;
}

/** Documents that nobody can read again once they are saved. */
export function ConfidentialSection({ isConfigured, readOnly, text, onChange, onReset }: Props) {
  const t = texts.catalog;
  return (
    <ConfigSection title={t.confidential} description={t.confidentialDescription}>
      <SecretTextArea
        aria-label={t.confidential}
        isConfigured={isConfigured}
        disabled={readOnly}
        rows={8}
        grow
        value={text}
        placeholder={t.confidentialPlaceholder}
        onChange={(event) => onChange(event.currentTarget.value)}
        onReset={onReset}
      />
    </ConfigSection>
  );
}
