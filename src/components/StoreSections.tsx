import { ConfigSubSection } from '@grafana/plugin-ui';
import { RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { durationProblem } from '../lib/settings';
import { texts } from '../texts';
import { NumberSetting, SettingField, TextSetting, type SectionProps } from './SettingInput';

const METHODS = ['POST', 'GET'].map((method) => ({ label: method, value: method }));
const BYTES_PER_MIB = 1024 * 1024;

/** How the store is asked, under Prometheus' own names for settings. */
export function PrometheusSection(section: SectionProps) {
  const t = texts.config;
  const { settings, readOnly, onChange } = section;
  return (
    <ConfigSubSection title={t.prometheus}>
      <SettingField id="stakes-http-method" label={t.httpMethod} tip={t.httpMethodTip} disabled={readOnly}>
        <RadioButtonGroup
          id="stakes-http-method"
          aria-label={t.httpMethod}
          options={METHODS}
          value={settings.httpMethod ?? 'POST'}
          onChange={(httpMethod) => onChange({ httpMethod })}
        />
      </SettingField>
      <TextSetting {...section} name="timeInterval" placeholder="1m" problem={durationProblem} />
      <TextSetting {...section} name="customQueryParameters" placeholder={t.parametersPlaceholder} />
    </ConfigSubSection>
  );
}

/** How much of everything there may be. */
export function LimitsSection(section: SectionProps) {
  return (
    <ConfigSubSection title={texts.config.limits}>
      <NumberSetting {...section} name="maxGroups" placeholder="100" />
      <NumberSetting {...section} name="maxSamples" placeholder="100000000" />
      <NumberSetting {...section} name="cacheSize" placeholder="64" unit={BYTES_PER_MIB} />
    </ConfigSubSection>
  );
}
