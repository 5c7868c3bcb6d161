import { ConfigSection } from '@grafana/plugin-ui';
import React from 'react';
import { textOptions } from '../lib/options';
import { currencyProblem, delayProblem, timeZones } from '../lib/settings';
import { texts } from '../texts';
import { PickOne } from './Pick';
import { INPUT_WIDTH, SettingField, TextSetting, type SectionProps } from './SettingInput';

const DAYS = Object.entries(texts.config.days).map(([value, label]) => ({ value, label }));

/** What the answers are given in: money, calendar and how soon. */
export function BusinessSection(section: SectionProps) {
  const t = texts.config;
  const { settings, readOnly, onChange } = section;
  return (
    <ConfigSection title={t.business} description={t.businessDescription}>
      <TextSetting
        {...section}
        name="currency"
        placeholder="EUR"
        problem={currencyProblem}
        clean={(currency) => currency.toUpperCase()}
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
      <TextSetting {...section} name="queryDelay" placeholder="1m" problem={delayProblem} />
    </ConfigSection>
  );
}
