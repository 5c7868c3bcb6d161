import { type QueryEditorProps } from '@grafana/data';
import { EditorField, EditorRow, EditorRows } from '@grafana/plugin-ui';
import React, { useEffect } from 'react';
import { type StakesDataSource } from '../datasource';
import { useResource } from '../hooks/useResource';
import { textOptions, type Option } from '../lib/options';
import { shorten } from '../lib/query';
import { type ListName, type StakesOptions, type StakesQuery, type StakesVariableQuery } from '../types';
import { LoadFailure } from './LoadFailure';
import { PickOne } from './Pick';
import { SelectionFields } from './SelectionFields';

type Props = QueryEditorProps<StakesDataSource, StakesQuery, StakesOptions, StakesVariableQuery>;

const LISTS: Array<Option & { value: ListName }> = [
  { value: 'slo', label: 'SLOs' },
  { value: 'service', label: 'Services' },
  { value: 'owner', label: 'Owners' },
  { value: 'label', label: 'Values of a label' },
];
const ID = 'stakes-variable';

/** What a dashboard variable lists. The selection may hold other variables, which chains the two. */
export function VariableEditor({ query, datasource, onChange }: Props) {
  const slos = useResource(datasource.uid, () => datasource.slos());
  const services = useResource(datasource.uid, () => datasource.services());
  const labels = useResource(datasource.uid, () => datasource.labels());
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
      <LoadFailure resources={{ SLOs: slos, services, labels }} />
      <EditorRow>
        <EditorField label="List" htmlFor={`${ID}-list`}>
          <PickOne
            inputId={`${ID}-list`}
            options={LISTS}
            value={list}
            width={24}
            onChange={(chosen) => save({ list: LISTS.find(({ value }) => value === chosen)?.value, label: undefined })}
          />
        </EditorField>
        {list === 'label' && (
          <EditorField label="Label" htmlFor={`${ID}-label`}>
            <PickOne
              inputId={`${ID}-label`}
              options={textOptions(Object.keys(labels.value ?? {}))}
              value={label}
              allowCustomValue
              width={24}
              placeholder="Choose a label"
              onChange={(chosen) => save({ label: chosen })}
            />
          </EditorField>
        )}
      </EditorRow>
      <EditorRow>
        <SelectionFields
          idPrefix={ID}
          select={select}
          slos={slos}
          services={services}
          labels={labels}
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
