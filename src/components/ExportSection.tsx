import { ConfigSection } from '@grafana/plugin-ui';
import { getBackendSrv } from '@grafana/runtime';
import { Alert, Button, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { lastValueFrom } from 'rxjs';
import { saveFile } from '../lib/download';
import { reason } from '../lib/errors';
import { texts } from '../texts';

interface Props {
  /** Of the data source, which exports what is saved in it */
  uid: string;
}

const FORMATS = ['prometheus', 'mimir', 'thanos', 'grafana', 'openslo'] as const;

type Format = (typeof FORMATS)[number];

/** What the catalogue defines, as files for others. */
export function ExportSection({ uid }: Props) {
  const t = texts.exports;
  const [running, setRunning] = useState<Format>();
  const [failure, setFailure] = useState<string>();

  const save = async (format: Format) => {
    setRunning(format);
    setFailure(undefined);
    try {
      saveFile(`stakes-${format}.yaml`, await ask(uid, format));
    } catch (error) {
      setFailure(reason(error));
    } finally {
      setRunning(undefined);
    }
  };

  return (
    <ConfigSection title={t.title} description={t.description}>
      <Stack direction="row" gap={1} wrap="wrap">
        {FORMATS.map((format) => (
          <Button
            key={format}
            variant="secondary"
            icon={running === format ? 'spinner' : 'download-alt'}
            disabled={running !== undefined}
            tooltip={t.formats[format][1]}
            onClick={() => save(format)}
          >
            {t.formats[format][0]}
          </Button>
        ))}
      </Stack>
      {failure && (
        <Alert severity="warning" title={t.failed}>
          {failure}
        </Alert>
      )}
    </ConfigSection>
  );
}

/** Grafana takes what is no JSON, as a file is not, for text. */
async function ask(uid: string, format: Format): Promise<string> {
  const request = getBackendSrv().fetch<string>({
    url: `/api/datasources/uid/${uid}/resources/export/${format}`,
    showErrorAlert: false,
  });
  return (await lastValueFrom(request)).data;
}
