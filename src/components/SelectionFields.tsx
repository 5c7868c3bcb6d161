import { EditorField } from '@grafana/plugin-ui';
import React from 'react';
import { type Resource } from '../hooks/useResource';
import { serviceOptions, sloOptions } from '../lib/options';
import { type Labels, type Selection, type Service, type Slo } from '../types';
import { LabelMatchers } from './LabelMatchers';
import { PICK_MANY_WIDTH, PickMany } from './Pick';

interface Props {
  idPrefix: string;
  select: Selection | undefined;
  slos: Resource<Slo[]>;
  services: Resource<Service[]>;
  labels: Resource<Labels>;
  onSelect: (members: Selection) => void;
}

/** Which SLOs a query is about. The query editor and the variable editor share it. */
export function SelectionFields({ idPrefix, select = {}, slos, services, labels, onSelect }: Props) {
  return (
    <>
      <EditorField
        label="SLOs"
        htmlFor={`${idPrefix}-slo`}
        tooltip="Blank means every SLO. Variables such as $slo work."
        width={PICK_MANY_WIDTH}
      >
        <PickMany
          inputId={`${idPrefix}-slo`}
          options={sloOptions(slos.value ?? [])}
          values={select.slo}
          isLoading={slos.loading}
          allowCustomValue
          placeholder="Every SLO"
          onChange={(slo) => onSelect({ slo })}
        />
      </EditorField>
      <EditorField
        label="Services"
        htmlFor={`${idPrefix}-service`}
        tooltip="Only SLOs of these services"
        width={PICK_MANY_WIDTH}
      >
        <PickMany
          inputId={`${idPrefix}-service`}
          options={serviceOptions(services.value ?? [])}
          values={select.service}
          isLoading={services.loading}
          allowCustomValue
          placeholder="Every service"
          onChange={(service) => onSelect({ service })}
        />
      </EditorField>
      <LabelMatchers
        idPrefix={idPrefix}
        labels={select.labels}
        known={labels.value ?? {}}
        onChange={(changed) => onSelect({ labels: changed })}
      />
    </>
  );
}
