import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import {
  AdvancedHttpSettings,
  Auth,
  ConfigSection,
  ConfigSubSection,
  ConnectionSettings,
  convertLegacyAuthProps,
  DataSourceDescription,
} from '@grafana/plugin-ui';
import { getBackendSrv } from '@grafana/runtime';
import { Alert, InlineField, RadioButtonGroup, Stack } from '@grafana/ui';
import React from 'react';
import { lastValueFrom } from 'rxjs';
import { currencyProblem, delayProblem, durationProblem } from '../lib/settings';
import { type StakesOptions, type Validation } from '../types';
import { CatalogSection } from './CatalogSection';
import { SettingInput } from './SettingInput';

type Props = DataSourcePluginOptionsEditorProps<StakesOptions>;

const DOCUMENTATION = 'https://github.com/stakes-slo/stakes-slo-datasource#readme';
const METHODS = ['POST', 'GET'].map((method) => ({ label: method, value: method }));

export function ConfigEditor({ options, onOptionsChange }: Props) {
  const { jsonData, readOnly, uid } = options;
  const set = (members: Partial<StakesOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...members } });

  return (
    <Stack direction="column" gap={4}>
      <DataSourceDescription dataSourceName="Stakes" docsLink={DOCUMENTATION} hasRequiredFields />
      <ConnectionSettings
        config={options}
        onChange={onOptionsChange}
        description="The Prometheus-compatible store that holds the counters"
        urlPlaceholder="http://prometheus:9090"
      />
      <div>
        <Auth {...convertLegacyAuthProps({ config: options, onChange: onOptionsChange })} readOnly={readOnly} />
        {jsonData.oauthPassThru && (
          <Alert severity="warning" title="Alert rules and public dashboards have no user whose identity is forwarded.">
            With this authentication method they cannot ask the store. Choose another one if you need them.
          </Alert>
        )}
      </div>
      <CatalogSection
        catalog={jsonData.catalog ?? ''}
        readOnly={readOnly}
        onChange={(catalog) => set({ catalog: catalog || undefined })}
        validate={(catalog) => validate(uid, catalog)}
      />
      <ConfigSection title="Business" description="What the answers are given in">
        <SettingInput
          id="stakes-currency"
          label="Currency"
          tooltip="Three letters (ISO 4217); money is shown in it where a value names no other"
          placeholder="EUR"
          value={jsonData.currency}
          disabled={readOnly}
          problem={currencyProblem}
          onChange={(currency) => set({ currency: currency.toUpperCase() || undefined })}
        />
        <SettingInput
          id="stakes-query-delay"
          label="Query delay"
          tooltip="How far behind now the data is complete; later samples are not judged yet"
          placeholder="1m"
          value={jsonData.queryDelay}
          disabled={readOnly}
          problem={delayProblem}
          onChange={(queryDelay) => set({ queryDelay: queryDelay || undefined })}
        />
      </ConfigSection>
      <ConfigSection
        title="Additional settings"
        description="How the store is asked; the defaults suit most of them"
        isCollapsible
        isInitiallyOpen={hasAdditional(jsonData)}
      >
        <Stack direction="column" gap={3}>
          <AdvancedHttpSettings config={options} onChange={onOptionsChange} />
          <ConfigSubSection title="Prometheus">
            <InlineField label="HTTP method" labelWidth={24} disabled={readOnly} tooltip="POST allows longer queries">
              <RadioButtonGroup
                aria-label="HTTP method"
                options={METHODS}
                value={jsonData.httpMethod ?? 'POST'}
                onChange={(httpMethod) => set({ httpMethod })}
              />
            </InlineField>
            <SettingInput
              id="stakes-time-interval"
              label="Scrape interval"
              tooltip="How often the store collects samples, as set in Prometheus"
              placeholder="1m"
              value={jsonData.timeInterval}
              disabled={readOnly}
              problem={durationProblem}
              onChange={(timeInterval) => set({ timeInterval: timeInterval || undefined })}
            />
            <SettingInput
              id="stakes-custom-query-parameters"
              label="Query parameters"
              tooltip="Added to every request, for example the tenant of a shared store"
              placeholder="name=value&other=value"
              value={jsonData.customQueryParameters}
              disabled={readOnly}
              onChange={(parameters) => set({ customQueryParameters: parameters || undefined })}
            />
          </ConfigSubSection>
        </Stack>
      </ConfigSection>
    </Stack>
  );
}

function hasAdditional(settings: StakesOptions): boolean {
  const { keepCookies, timeout, httpMethod, timeInterval, customQueryParameters } = settings;
  return Boolean(keepCookies?.length || timeout || httpMethod || timeInterval || customQueryParameters);
}

/** The settings page has no instance of the data source, so it asks by the uid; failures are said in place. */
async function validate(uid: string, catalog: string): Promise<Validation> {
  const request = getBackendSrv().fetch<Validation>({
    method: 'POST',
    url: `/api/datasources/uid/${uid}/resources/validate`,
    data: { catalog },
    showErrorAlert: false,
  });
  return (await lastValueFrom(request)).data;
}
