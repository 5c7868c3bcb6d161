import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { ConfigSection } from '@grafana/plugin-ui';
import { Alert, Button, useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef, useState } from 'react';
import { useValidation } from '../hooks/useValidation';
import { useWords } from '../hooks/useWords';
import { addDocument, type Addition } from '../lib/documents';
import { TEMPLATES, type Template } from '../lib/templates';
import { type Workshop } from '../lib/workshop';
import { texts } from '../texts';
import { CatalogEditor, type GoToLine } from './CatalogEditor';
import { CatalogPreview } from './CatalogPreview';
import { CatalogProblems } from './CatalogProblems';
import { CatalogStatus } from './CatalogStatus';
import { PickOne } from './Pick';

interface Props {
  catalog: string;
  readOnly?: boolean;
  onChange: (catalog: string) => void;
  workshop: Workshop;
  /** Version of the settings that are saved */
  saved?: number;
}

const OPTIONS = TEMPLATES.map(({ id }) => {
  const [label, description] = texts.catalog.templates[id];
  return { value: id, label, description };
});

/** The catalogue and what the backend finds wrong with it. It is a module by itself, loaded where it is shown. */
export default function CatalogSection({ catalog, readOnly, onChange, workshop, saved }: Props) {
  const t = texts.catalog;
  const styles = useStyles2(getStyles);
  const validation = useValidation(catalog, workshop.validate);
  const words = useWords(workshop, saved);
  const [editor, setEditor] = useState<{ goTo?: GoToLine }>({});
  const added = useRef<Addition>();
  const found = validation.result?.problems;
  const problems = useMemo(() => found ?? [], [found]);
  const isEmpty = catalog.trim() === '';

  const add = (template: Template | undefined) => {
    if (template) {
      added.current = addDocument(catalog, template);
      onChange(added.current.text);
    }
  };
  useEffect(() => {
    // The editor holds the new text once it has been rendered with it, which may be before it is ready.
    if (editor.goTo && added.current?.text === catalog) {
      editor.goTo(added.current.line);
      added.current = undefined;
    }
  }, [catalog, editor]);

  return (
    <ConfigSection title={t.title} description={t.description}>
      {!readOnly && (
        <div className={styles.start}>
          {isEmpty ? (
            <Button variant="secondary" icon="file-alt" onClick={() => add(TEMPLATES[0])}>
              {t.start}
            </Button>
          ) : (
            <PickOne
              inputId="stakes-template"
              aria-label={t.add}
              options={OPTIONS}
              width={40}
              placeholder={t.addPlaceholder}
              onChange={(id) => add(TEMPLATES.find((template) => template.id === id))}
            />
          )}
        </div>
      )}
      <CatalogEditor
        value={catalog}
        readOnly={readOnly}
        problems={problems}
        words={words}
        onChange={onChange}
        onReady={(goTo) => setEditor({ goTo })}
      />
      {!readOnly && <p className={styles.keys}>{t.keys}</p>}
      <CatalogStatus validation={validation} isEmpty={isEmpty} />
      {validation.error && (
        <Alert severity="info" title={t.notChecked}>
          {t.notCheckedBecause(validation.error)}
        </Alert>
      )}
      <CatalogProblems problems={problems} goToLine={editor.goTo} />
      {!readOnly && Boolean(validation.result?.slos) && <CatalogPreview catalog={catalog} preview={workshop.preview} />}
    </ConfigSection>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  start: css({ marginBottom: theme.spacing(1) }),
  keys: css({ color: theme.colors.text.secondary, ...theme.typography.bodySmall }),
});
