import { type QueryEditorProps } from '@grafana/data';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import React, { useEffect } from 'react';
import { type StakesDataSource } from '../datasource';
import { useCatalogue } from '../hooks/useCatalogue';
import { textOptions, type Option } from '../lib/options';
import { shorten } from '../lib/query';
import { texts } from '../texts';
import { type ListName, type StakesOptions, type StakesQuery, type StakesVariableQuery } from '../types';
import { LoadFailure } from './LoadFailure';
import { PickOne } from './Pick';
import { QueryField } from './QueryField';
import { SelectionFields } from './SelectionFields';

type Props = QueryEditorProps<StakesDataSource, StakesQuery, StakesOptions, StakesVariableQuery>;

const LISTS: Array<Option & { value: ListName }> = (
  ['slo', 'service', 'journey', 'owner', 'label', 'objective'] as const
).map((value) => ({ value, label: texts.variables.lists[value], description: texts.variables.words[value] }));
const ID = 'stakes-variable';

/** What a dashboard variable lists. The selection may hold other variables, which chains the two. */
export function VariableEditor({ query, datasource, onChange }: Props) {
  const catalogue = useCatalogue(datasource);
  const save = (members: Partial<StakesVariableQuery>) => onChange(shorten({ ...saved(query), ...members }));

  const isNew = !saved(query).list;
  useEffect(() => {
    if (isNew) {
      save({ list: 'slo' });
    }
    // A new variable has no query at all; the callback changes on each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isNew]);

  const { list = 'slo', label, select } = saved(query);
  return (
    <EditorRows>
      <LoadFailure resources={catalogue} />
      <EditorRow>
        <QueryField htmlFor={`${ID}-list`} label={texts.variables.list}>
          <PickOne
            inputId={`${ID}-list`}
            options={LISTS}
            value={list}
            width={24}
            onChange={(chosen) => save({ list: LISTS.find(({ value }) => value === chosen)?.value, label: undefined })}
          />
        </QueryField>
        {list === 'label' && (
          <QueryField htmlFor={`${ID}-label`} label={texts.variables.label}>
            <PickOne
              inputId={`${ID}-label`}
              options={textOptions(Object.keys(catalogue.labels.value ?? {}))}
              value={label}
              typed="anything"
              width={24}
              placeholder={texts.variables.chooseLabel}
              onChange={(chosen) => save({ label: chosen })}
            />
          </QueryField>
        )}
      </EditorRow>
      <EditorRow>
        <SelectionFields
          idPrefix={ID}
          select={select}
          catalogue={catalogue}
          onSelect={(members) => save({ select: { ...select, ...members } })}
        />
      </EditorRow>
    </EditorRows>
  );
}

/** Grafana hands an empty string to the editor of a variable that was never saved. */
function saved(query: StakesVariableQuery | string): StakesVariableQuery {
  return typeof query === 'string' || !query ? { refId: 'variable' } : query;
}
