import { ConfigSection } from '@grafana/plugin-ui';
import React from 'react';
import { textOptions } from '../lib/options';
import { currencyProblem, delayProblem, timeZones } from '../lib/settings';
import { texts } from '../texts';
import { type StakesOptions } from '../types';
import { PickOne } from './Pick';
import { INPUT_WIDTH, SettingField, SettingInput } from './SettingInput';

interface Props {
  settings: StakesOptions;
  readOnly?: boolean;
  onChange: (members: Partial<StakesOptions>) => void;
}

const DAYS = Object.entries(texts.config.days).map(([value, label]) => ({ value, label }));

/** What the answers are given in: money, calendar and how soon. */
export function BusinessSection({ settings, readOnly, onChange }: Props) {
  const t = texts.config;
  return (
    <ConfigSection title={t.business} description={t.businessDescription}>
      <SettingInput
        id="stakes-currency"
        label={t.currency}
        tip={t.currencyTip}
        placeholder="EUR"
        value={settings.currency}
        disabled={readOnly}
        problem={currencyProblem}
        onChange={(currency) => onChange({ currency: currency.toUpperCase() || undefined })}
      />
      <SettingField id="stakes-timezone" label={t.timezone} tip={t.timezoneTip} disabled={readOnly}>
        <PickOne
          inputId="stakes-timezone"
          options={textOptions(timeZones())}
          value={settings.timezone}
          isClearable
          width={INPUT_WIDTH}
          placeholder="UTC"
          onChange={(timezone) => onChange({ timezone })}
        />
      </SettingField>
      <SettingField id="stakes-week-start" label={t.weekStart} tip={t.weekStartTip} disabled={readOnly}>
        <PickOne
          inputId="stakes-week-start"
          options={DAYS}
          value={settings.weekStart?.toLowerCase()}
          isClearable
          width={INPUT_WIDTH}
          placeholder={t.days.monday}
          onChange={(weekStart) => onChange({ weekStart })}
        />
      </SettingField>
      <SettingInput
        id="stakes-query-delay"
        label={t.queryDelay}
        tip={t.queryDelayTip}
        placeholder="1m"
        value={settings.queryDelay}
        disabled={readOnly}
        problem={delayProblem}
        onChange={(queryDelay) => onChange({ queryDelay: queryDelay || undefined })}
      />
    </ConfigSection>
  );
}
