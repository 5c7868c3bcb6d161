import { type QueryEditorProps } from '@grafana/data';
import React from 'react';
import { type StakesDataSource } from '../datasource';
import { type StakesOptions, type StakesQuery } from '../types';
import { QueryEditor } from './QueryEditor';

type Props = QueryEditorProps<StakesDataSource, StakesQuery, StakesOptions>;

/** The query editor, for the one question whose answer marks times. */
export function AnnotationEditor(props: Props) {
  return <QueryEditor {...props} purpose="annotations" />;
}
