import { ConfigSection } from '@grafana/plugin-ui';
import { Alert, Button } from '@grafana/ui';
import React, { useEffect, useMemo, useRef, useState } from 'react';
import { useValidation } from '../hooks/useValidation';
import { addDocument, type Addition } from '../lib/documents';
import { TEMPLATES, type Template } from '../lib/templates';
import { texts } from '../texts';
import { type Validation } from '../types';
import { CatalogEditor, type GoToLine } from './CatalogEditor';
import { CatalogProblems } from './CatalogProblems';
import { CatalogStatus } from './CatalogStatus';
import { PickOne } from './Pick';

interface Props {
  catalog: string;
  readOnly?: boolean;
  onChange: (catalog: string) => void;
  validate: (catalog: string) => Promise<Validation>;
}

const OPTIONS = TEMPLATES.map(({ id }) => {
  const [label, description] = texts.catalog.templates[id];
  return { value: id, label, description };
});

/** The catalogue and what the backend finds wrong with it. It is a module by itself, loaded where it is shown. */
export default function CatalogSection({ catalog, readOnly, onChange, validate }: Props) {
  const t = texts.catalog;
  const validation = useValidation(catalog, validate);
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
    // The editor holds the new text once it has been rendered with it.
    if (added.current?.text === catalog) {
      editor.goTo?.(added.current.line);
      added.current = undefined;
    }
  }, [catalog, editor]);

  return (
    <ConfigSection title={t.title} description={t.description}>
      <CatalogEditor
        value={catalog}
        readOnly={readOnly}
        problems={problems}
        onChange={onChange}
        onReady={(goTo) => setEditor({ goTo })}
      />
      <CatalogStatus validation={validation} isEmpty={isEmpty} />
      {!readOnly && isEmpty && (
        <Button variant="secondary" icon="file-alt" onClick={() => add(TEMPLATES[0])}>
          {t.start}
        </Button>
      )}
      {!readOnly && !isEmpty && (
        <PickOne
          inputId="stakes-template"
          aria-label={t.add}
          options={OPTIONS}
          width={40}
          placeholder={t.addPlaceholder}
          onChange={(id) => add(TEMPLATES.find((template) => template.id === id))}
        />
      )}
      {validation.error && (
        <Alert severity="info" title={t.notChecked}>
          {t.notCheckedBecause(validation.error)}
        </Alert>
      )}
      <CatalogProblems problems={problems} goToLine={editor.goTo} />
    </ConfigSection>
  );
}
