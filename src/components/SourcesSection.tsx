import { ConfigSection } from '@grafana/plugin-ui';
import { Checkbox, Stack, TextArea } from '@grafana/ui';
import React, { useState } from 'react';
import { lines, urlsProblem } from '../lib/settings';
import { texts } from '../texts';
import { DISCOVERIES, type Discovery, type StakesOptions } from '../types';
import { INPUT_WIDTH, SettingField } from './SettingInput';

interface Props {
  settings: StakesOptions;
  readOnly?: boolean;
  onChange: (members: Partial<StakesOptions>) => void;
}

/** SLOs that are defined elsewhere: in the store by other tools, or behind an address. */
export function SourcesSection({ settings, readOnly, onChange }: Props) {
  const t = texts.config;
  const { catalogUrls = [] } = settings;
  const discover = discovered(settings);
  const [urls, setUrls] = useState(catalogUrls.join('\n'));

  const toggle = (tool: Discovery, isOn: boolean) => {
    onChange({ discover: DISCOVERIES.filter((each) => (each === tool ? isOn : discover.includes(each))) });
  };
  const changeUrls = (text: string) => {
    setUrls(text);
    if (!urlsProblem(text)) {
      onChange({ catalogUrls: lines(text).length ? lines(text) : undefined });
    }
  };

  return (
    <ConfigSection title={t.sources} description={t.sourcesDescription}>
      <SettingField id="stakes-discover" label={t.discover} tip={t.discoverTip} disabled={readOnly}>
        <Discoveries chosen={discover} readOnly={readOnly} onToggle={toggle} />
      </SettingField>
      <SettingField
        id="stakes-catalog-urls"
        label={t.catalogUrls}
        tip={t.catalogUrlsTip}
        disabled={readOnly}
        error={urlsProblem(urls)}
      >
        <TextArea
          id="stakes-catalog-urls"
          cols={INPUT_WIDTH}
          rows={2}
          value={urls}
          placeholder="https://example.com/slos.yaml"
          onChange={(event) => changeUrls(event.currentTarget.value)}
        />
      </SettingField>
    </ConfigSection>
  );
}

/**
 * Whose SLOs are discovered. Where nothing is said, it is everybody's, unless the store wants the credentials of the
 * user who asks: the backend reads in nobody's name.
 */
function discovered({ discover, oauthPassThru, keepCookies }: StakesOptions): readonly Discovery[] {
  return discover ?? (oauthPassThru || keepCookies?.length ? [] : DISCOVERIES);
}

interface DiscoveriesProps {
  chosen: readonly Discovery[];
  readOnly?: boolean;
  onToggle: (tool: Discovery, isOn: boolean) => void;
}

function Discoveries({ chosen, readOnly, onToggle }: DiscoveriesProps) {
  return (
    <Stack role="group" aria-label={texts.config.discover} alignItems="center" gap={2}>
      {DISCOVERIES.map((tool) => (
        <Checkbox
          key={tool}
          label={texts.config.discoveries[tool]}
          value={chosen.includes(tool)}
          disabled={readOnly}
          onChange={(event) => onToggle(tool, event.currentTarget.checked)}
        />
      ))}
    </Stack>
  );
}
