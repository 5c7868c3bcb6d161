import React from 'react';
import { type Marks } from '../lib/answers';
import { namedOptions, sloOptions, type Option } from '../lib/options';
import { type Resource } from '../hooks/useResource';
import { type Catalogue } from '../hooks/useCatalogue';
import { texts } from '../texts';
import { type Selection } from '../types';
import { LabelMatchers } from './LabelMatchers';
import { PICK_MANY_WIDTH, PickMany } from './Pick';
import { QueryField } from './QueryField';

interface Props {
  idPrefix: string;
  select: Selection | undefined;
  catalogue: Catalogue;
  errors?: Marks;
  onSelect: (members: Selection) => void;
}

/** Which SLOs a query is about. The query editor and the variable editor share it. */
export function SelectionFields({ idPrefix, select = {}, catalogue, errors = {}, onSelect }: Props) {
  const { slos, services, journeys, labels } = catalogue;
  const t = texts.fields;
  const many = (
    member: 'slo' | 'service' | 'journey',
    words: { label: string; tip: string; placeholder: string },
    resource: Resource<unknown>,
    options: Option[]
  ) => (
    <QueryField
      htmlFor={`${idPrefix}-${member}`}
      label={words.label}
      tip={words.tip}
      error={errors[member]}
      width={PICK_MANY_WIDTH}
    >
      <PickMany
        inputId={`${idPrefix}-${member}`}
        options={options}
        values={select[member]}
        isLoading={resource.loading}
        // A name that the catalogue does not hold can only be wrong, unless the catalogue is not here.
        typed={resource.value ? 'variables' : 'anything'}
        placeholder={words.placeholder}
        onChange={(names) => onSelect({ [member]: names })}
      />
    </QueryField>
  );

  return (
    <>
      {many('slo', { label: t.slos, tip: t.slosTip, placeholder: t.everySlo }, slos, sloOptions(slos.value ?? []))}
      {many(
        'service',
        { label: t.services, tip: t.servicesTip, placeholder: t.everyService },
        services,
        namedOptions(services.value ?? [])
      )}
      {/* Many catalogues have none: then there is nothing to choose. */}
      {Boolean(journeys.value?.length || select.journey?.length) &&
        many(
          'journey',
          { label: t.journeys, tip: t.journeysTip, placeholder: t.everyJourney },
          journeys,
          namedOptions(journeys.value ?? [])
        )}
      <LabelMatchers
        idPrefix={idPrefix}
        labels={select.labels}
        known={labels.value ?? {}}
        error={errors.labels}
        onChange={(changed) => onSelect({ labels: changed })}
      />
    </>
  );
}
