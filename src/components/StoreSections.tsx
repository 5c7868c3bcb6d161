import { ConfigSubSection } from '@grafana/plugin-ui';
import { RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { countProblem, durationProblem } from '../lib/settings';
import { texts } from '../texts';
import { type StakesOptions } from '../types';
import { ParsedSetting, SettingField, SettingInput } from './SettingInput';

interface Props {
  settings: StakesOptions;
  readOnly?: boolean;
  onChange: (members: Partial<StakesOptions>) => void;
}

const METHODS = ['POST', 'GET'].map((method) => ({ label: method, value: method }));
const BYTES_PER_MIB = 1024 * 1024;

/** A number as it is written, blank for none. */
const NUMBER = {
  show: String,
  parse: (text: string) => (text === '' ? undefined : Number(text)),
  problem: countProblem,
};

/** Bytes, written as MiB. */
const MEBIBYTES = {
  show: (bytes: number) => String(Math.round(bytes / BYTES_PER_MIB)),
  parse: (text: string) => (text === '' ? undefined : Number(text) * BYTES_PER_MIB),
  problem: countProblem,
};

/** How the store is asked, under Prometheus' own names for settings. */
export function PrometheusSection({ settings, readOnly, onChange }: Props) {
  const t = texts.config;
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
      <SettingInput
        id="stakes-time-interval"
        label={t.timeInterval}
        tip={t.timeIntervalTip}
        placeholder="1m"
        value={settings.timeInterval}
        disabled={readOnly}
        problem={durationProblem}
        onChange={(timeInterval) => onChange({ timeInterval: timeInterval || undefined })}
      />
      <SettingInput
        id="stakes-custom-query-parameters"
        label={t.parameters}
        tip={t.parametersTip}
        placeholder={t.parametersPlaceholder}
        value={settings.customQueryParameters}
        disabled={readOnly}
        onChange={(parameters) => onChange({ customQueryParameters: parameters || undefined })}
      />
    </ConfigSubSection>
  );
}

/** How much of everything there may be. */
export function LimitsSection({ settings, readOnly, onChange }: Props) {
  const t = texts.config;
  return (
    <ConfigSubSection title={t.limits}>
      <ParsedSetting
        {...NUMBER}
        id="stakes-max-groups"
        label={t.maxGroups}
        tip={t.maxGroupsTip}
        placeholder="100"
        value={settings.maxGroups}
        disabled={readOnly}
        onChange={(maxGroups) => onChange({ maxGroups })}
      />
      <ParsedSetting
        {...NUMBER}
        id="stakes-max-samples"
        label={t.maxSamples}
        tip={t.maxSamplesTip}
        placeholder="100000000"
        value={settings.maxSamples}
        disabled={readOnly}
        onChange={(maxSamples) => onChange({ maxSamples })}
      />
      <ParsedSetting
        {...MEBIBYTES}
        id="stakes-cache-size"
        label={t.cacheSize}
        tip={t.cacheSizeTip}
        placeholder="64"
        value={settings.cacheSize}
        disabled={readOnly}
        onChange={(cacheSize) => onChange({ cacheSize })}
      />
    </ConfigSubSection>
  );
}
