import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './components/ConfigEditor';
import { QueryEditor } from './components/QueryEditor';
import { StakesDataSource } from './datasource';
import { type StakesOptions, type StakesQuery } from './types';

export const plugin = new DataSourcePlugin<StakesDataSource, StakesQuery, StakesOptions>(StakesDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
