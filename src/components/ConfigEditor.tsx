import { type DataSourcePluginOptionsEditorProps } from '@grafana/data';
import {
  AdvancedHttpSettings,
  Auth,
  ConfigSection,
  ConnectionSettings,
  convertLegacyAuthProps,
  DataSourceDescription,
} from '@grafana/plugin-ui';
import { Alert, LoadingPlaceholder, Stack } from '@grafana/ui';
import React, { lazy, Suspense, useMemo } from 'react';
import { workshopOf } from '../lib/workshop';
import { testIds } from '../testIds';
import { texts } from '../texts';
import { type StakesOptions, type StakesSecrets } from '../types';
import { BusinessSection } from './BusinessSection';
import { ConfidentialSection } from './ConfidentialSection';
import { ExportSection } from './ExportSection';
import { SourcesSection } from './SourcesSection';
import { LimitsSection, PrometheusSection } from './StoreSections';

type Props = DataSourcePluginOptionsEditorProps<StakesOptions, StakesSecrets>;

const DOCUMENTATION = 'https://github.com/stakes-slo/stakes-slo-datasource#readme';

const CatalogSection = lazy(() => import('./CatalogSection'));

export function ConfigEditor({ options, onOptionsChange }: Props) {
  const { jsonData, secureJsonData, secureJsonFields, readOnly, uid } = options;
  const t = texts.config;
  const workshop = useMemo(() => workshopOf(uid), [uid]);
  const set = (members: Partial<StakesOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...members } });
  /** A new text replaces what Grafana keeps, and an empty one removes it. */
  const setSecret = (catalog: string) =>
    onOptionsChange({
      ...options,
      secureJsonData: { ...secureJsonData, catalog },
      secureJsonFields: { ...secureJsonFields, catalog: false },
    });
  const section = { settings: jsonData, readOnly, onChange: set };

  return (
    <Stack direction="column" gap={4}>
      <DataSourceDescription dataSourceName="Stakes" docsLink={DOCUMENTATION} hasRequiredFields />
      <ConnectionSettings
        config={options}
        onChange={onOptionsChange}
        description={t.connection}
        urlPlaceholder="http://prometheus:9090"
      />
      <div>
        <Auth {...convertLegacyAuthProps({ config: options, onChange: onOptionsChange })} readOnly={readOnly} />
        {jsonData.oauthPassThru && (
          <Alert severity="warning" title={t.noUser}>
            {t.noUserWhy}
          </Alert>
        )}
      </div>
      <div data-testid={testIds.settings}>
        <Stack direction="column" gap={4}>
          <Suspense fallback={<LoadingPlaceholder text={texts.catalog.loading} />}>
            <CatalogSection
              catalog={jsonData.catalog ?? ''}
              readOnly={readOnly}
              onChange={(catalog) => set({ catalog: catalog || undefined })}
              workshop={workshop}
              saved={options.version}
            />
          </Suspense>
          <ConfidentialSection
            isConfigured={Boolean(secureJsonFields?.catalog)}
            readOnly={readOnly}
            text={secureJsonData?.catalog ?? ''}
            onChange={setSecret}
            onReset={() => setSecret('')}
          />
          <SourcesSection {...section} />
          <BusinessSection {...section} />
          <ExportSection uid={uid} />
          <ConfigSection
            title={t.additional}
            description={t.additionalDescription}
            isCollapsible
            isInitiallyOpen={hasAdditional(jsonData)}
          >
            <Stack direction="column" gap={3}>
              <AdvancedHttpSettings config={options} onChange={onOptionsChange} />
              <PrometheusSection {...section} />
              <LimitsSection {...section} />
            </Stack>
          </ConfigSection>
        </Stack>
      </div>
    </Stack>
  );
}

function hasAdditional(settings: StakesOptions): boolean {
  const { keepCookies, timeout, httpMethod, timeInterval, customQueryParameters, ...others } = settings;
  const { maxGroups, maxSamples, cacheSize } = others;
  return Boolean(
    keepCookies?.length ||
    timeout ||
    httpMethod ||
    timeInterval ||
    customQueryParameters ||
    maxGroups ||
    maxSamples ||
    cacheSize
  );
}
