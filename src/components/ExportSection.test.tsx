import { setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import React from 'react';
import { of, throwError } from 'rxjs';
import { saveFile } from '../lib/download';
import { person } from '../testing/render';
import { ExportSection } from './ExportSection';

jest.mock('../lib/download', () => ({ saveFile: jest.fn() }));

const fetch = jest.fn();

beforeEach(() => {
  jest.resetAllMocks();
  setBackendSrv({ fetch } as unknown as BackendSrv);
});

it.each([
  ['Prometheus rules', 'prometheus'],
  ['Mimir rules', 'mimir'],
  ['Thanos rules', 'thanos'],
  ['Grafana alert rules', 'grafana'],
  ['OpenSLO', 'openslo'],
])('%s are saved as a file', async (name, format) => {
  fetch.mockReturnValue(of({ data: `text of ${format}` }));
  render(<ExportSection uid="u1" />);
  await person().click(screen.getByRole('button', { name }));
  expect(fetch).toHaveBeenCalledWith(
    expect.objectContaining({ url: `/api/datasources/uid/u1/resources/export/${format}` })
  );
  expect(saveFile).toHaveBeenCalledWith(`stakes-${format}.yaml`, `text of ${format}`);
  expect(screen.getByRole('button', { name })).toBeEnabled();
});

it('says why there is no file', async () => {
  fetch.mockReturnValue(throwError(() => ({ status: 403, data: { message: 'exports are for Editor and Admin' } })));
  render(<ExportSection uid="u1" />);
  await person().click(screen.getByRole('button', { name: 'OpenSLO' }));
  expect(await screen.findByText('exports are for Editor and Admin')).toBeVisible();
  expect(saveFile).not.toHaveBeenCalled();
});
