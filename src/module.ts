import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './components/ConfigEditor';
import { LazyHelp } from './components/LazyHelp';
import { QueryEditor } from './components/QueryEditor';
import { StakesDataSource } from './datasource';
import { type StakesOptions, type StakesQuery, type StakesSecrets } from './types';

export const plugin = new DataSourcePlugin<StakesDataSource, StakesQuery, StakesOptions, StakesSecrets>(
  StakesDataSource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(LazyHelp);
