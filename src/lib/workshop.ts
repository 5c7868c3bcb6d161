import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { type Outline, type Preview, type StoreNames, type Validation } from '../types';

/** What the backend does for those who write a catalogue, before it is saved. */
export interface Workshop {
  validate: (catalog: string) => Promise<Validation>;
  preview: (catalog: string) => Promise<Preview>;
  outlines: () => Promise<Outline[]>;
  names: () => Promise<StoreNames>;
}

/** The settings page has no instance of the data source, so it asks by the uid; failures are said in place. */
export function workshopOf(uid: string): Workshop {
  const ask = async <T>(path: string, data?: object): Promise<T> => {
    const request = getBackendSrv().fetch<T>({
      method: data ? 'POST' : 'GET',
      url: `/api/datasources/uid/${uid}/resources/${path}`,
      data,
      showErrorAlert: false,
    });
    return (await lastValueFrom(request)).data;
  };
  return {
    validate: (catalog) => ask('validate', { catalog }),
    preview: (catalog) => ask('preview', { catalog }),
    outlines: () => ask('outline'),
    names: () => ask('names'),
  };
}
