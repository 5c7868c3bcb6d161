import { type DataSourceSettings } from '@grafana/data';
import { setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { type CodeEditor } from '@grafana/ui';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React, { useState, type ComponentProps } from 'react';
import { defer, from } from 'rxjs';
import { REST_MS } from '../hooks/useValidation';
import { EXAMPLE } from '../lib/example';
import { type StakesOptions, type Validation } from '../types';
import { ConfigEditor } from './ConfigEditor';

type CodeEditorProps = ComponentProps<typeof CodeEditor>;

const code = {
  setModelMarkers: jest.fn(),
  setPosition: jest.fn(),
  revealLineInCenter: jest.fn(),
  focus: jest.fn(),
};

jest.mock('@grafana/ui', () => ({
  ...jest.requireActual('@grafana/ui'),
  CodeEditor: (props: CodeEditorProps) => <FakeCodeEditor {...props} />,
}));

/** Like Grafana's code editor it keeps the first onChange for ever, and hands out Monaco when it is there. */
function FakeCodeEditor({ value, readOnly, onChange, onEditorDidMount }: CodeEditorProps) {
  const [firstOnChange] = useState(() => onChange);
  React.useEffect(() => {
    const model = {
      getLineCount: () => 9,
      getLineFirstNonWhitespaceColumn: () => 3,
      getLineMaxColumn: () => 20,
    };
    const monaco = { editor: code, MarkerSeverity: { Error: 8, Warning: 4 } };
    onEditorDidMount?.({ ...code, getModel: () => model } as never, monaco as never);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <textarea
      aria-label="Catalogue"
      value={value}
      readOnly={readOnly}
      onChange={(event) => firstOnChange?.(event.target.value)}
    />
  );
}

type Answer = (catalog: string) => Promise<Validation>;

async function setup(jsonData: StakesOptions = {}, answer: Answer = async () => ({ problems: [], slos: 3 })) {
  const onOptionsChange = jest.fn();
  const validate = jest.fn(answer);
  const fetch = ({ url, data }: { url: string; data: { catalog: string } }) =>
    defer(() => from(validate(data.catalog).then((result) => ({ url, data: result }))));
  setBackendSrv({ fetch } as unknown as BackendSrv);

  const first = { uid: 'u1', url: 'http://a', jsonData, secureJsonFields: {} } as DataSourceSettings<StakesOptions>;
  function Host() {
    const [options, setOptions] = useState(first);
    onOptionsChange.mockImplementation(setOptions);
    return <ConfigEditor options={options} onOptionsChange={onOptionsChange} />;
  }
  render(<Host />);
  await wait(0);
  const more = screen.queryByRole('button', { name: 'Expand section Additional settings' });
  if (more) {
    fireEvent.click(more);
  }
  return { wasCollapsed: Boolean(more), validate, options: () => onOptionsChange.mock.lastCall?.[0] };
}

const wait = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
const write = (label: string, text: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
const status = () => screen.getByLabelText('Result of the check');

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.clearAllMocks();
});

describe('settings', () => {
  it.each<[string, string, keyof StakesOptions, string]>([
    ['Scrape interval', '30s', 'timeInterval', '30s'],
    ['Query parameters', 'a=b', 'customQueryParameters', 'a=b'],
    ['Currency', 'eur', 'currency', 'EUR'],
    ['Query delay', '1m', 'queryDelay', '1m'],
  ])('%s', async (label, text, key, expected) => {
    const { options } = await setup({ timeout: 7 });
    write(label, text);
    expect(options().jsonData).toEqual({ timeout: 7, [key]: expected });
    write(label, '');
    expect(options().jsonData).toEqual({ timeout: 7, [key]: undefined });
  });

  it('asks by POST unless told otherwise', async () => {
    const { options } = await setup();
    expect(screen.getByRole('radio', { name: 'POST' })).toBeChecked();
    fireEvent.click(screen.getByRole('radio', { name: 'GET' }));
    expect(options().jsonData.httpMethod).toBe('GET');
  });

  it.each([
    ['Currency', 'euro', /"EURO" is not a currency code/],
    ['Query delay', 'soon', /"soon" is not a duration/],
    ['Scrape interval', '15', /"15" is not a duration/],
  ])('says what is wrong with the %s', async (label, text, message) => {
    await setup();
    write(label, text);
    expect(screen.getByText(message)).toBeVisible();
  });

  it.each<[string, StakesOptions, boolean]>([
    ['hidden while they say nothing', { currency: 'EUR', keepCookies: [] }, true],
    ['shown once they say something', { timeInterval: '30s' }, false],
  ])('that are additional are %s', async (_, jsonData, hidden) => {
    const { wasCollapsed } = await setup(jsonData);
    expect(wasCollapsed).toBe(hidden);
  });

  it('warns that a forwarded identity is missing where there is no user', async () => {
    await setup({ oauthPassThru: true });
    expect(screen.getByText(/no user whose identity is forwarded/)).toBeVisible();
  });
});

describe('the catalogue', () => {
  const broken: Validation = {
    slos: 2,
    problems: [
      { document: 2, line: 7, path: 'spec.objectives[0].target', message: 'must be a ratio', severity: 'error' },
      { document: 3, message: 'names no service', severity: 'warning' },
    ],
  };

  it('is checked when the page opens', async () => {
    const { validate } = await setup({ catalog: 'a: b' });
    expect(validate).toHaveBeenCalledWith('a: b');
    expect(status()).toHaveTextContent('3 SLOs, no problems');
  });

  it('is checked once the typing rests', async () => {
    const { validate, options } = await setup();
    write('Catalogue', 'a');
    await wait(REST_MS - 1);
    write('Catalogue', 'ab');
    expect(status()).toHaveTextContent('Checking…');
    await wait(REST_MS - 1);
    expect(validate).toHaveBeenCalledTimes(1);
    await wait(1);
    expect(validate.mock.calls).toEqual([[''], ['ab']]);
    expect(options().jsonData.catalog).toBe('ab');
  });

  it('drops an answer to an older text', async () => {
    const answers: Record<string, number> = { first: 0, old: 1, new: 2 };
    const slow: Answer = (catalog) =>
      new Promise((resolve) =>
        setTimeout(() => resolve({ problems: [], slos: answers[catalog] }), catalog === 'old' ? 5000 : 10)
      );
    await setup({ catalog: 'first' }, slow);
    write('Catalogue', 'old');
    await wait(REST_MS);
    write('Catalogue', 'new');
    await wait(REST_MS + 10);
    expect(status()).toHaveTextContent('2 SLOs, no problems');
    await wait(5000);
    expect(status()).toHaveTextContent('2 SLOs, no problems');
  });

  it('lists its problems and goes to their lines', async () => {
    await setup({ catalog: 'a: b' }, async () => broken);
    expect(status()).toHaveTextContent('2 SLOs, 2 problems');
    const [first, second] = within(screen.getByRole('list', { name: /Problems/ })).getAllByRole('listitem');
    expect(first).toHaveTextContent('document 2, spec.objectives[0].target: must be a ratio');
    expect(within(second).queryByRole('button')).toBeNull();
    fireEvent.click(within(first).getByRole('button', { name: 'Line 7' }));
    expect(code.setPosition).toHaveBeenCalledWith({ lineNumber: 7, column: 1 });
    expect(code.focus).toHaveBeenCalled();
  });

  it('marks its problems in the editor', async () => {
    await setup({}, async () => broken);
    expect(code.setModelMarkers).toHaveBeenLastCalledWith(expect.anything(), 'stakes', [
      expect.objectContaining({ startLineNumber: 7, startColumn: 3, endColumn: 20, severity: 8 }),
      expect.objectContaining({ startLineNumber: 1, severity: 4 }),
    ]);
  });

  it('can start with an example', async () => {
    const { options, validate } = await setup();
    expect(status()).toHaveTextContent('There are no SLOs yet.');
    fireEvent.click(screen.getByRole('button', { name: 'Start with an example' }));
    await wait(REST_MS);
    expect(options().jsonData.catalog).toBe(EXAMPLE);
    expect(validate).toHaveBeenLastCalledWith(EXAMPLE);
    expect(screen.queryByRole('button', { name: 'Start with an example' })).toBeNull();
  });

  it('says that the data source must be saved when it cannot be checked', async () => {
    await setup({ catalog: 'a: b' }, () => Promise.reject(new Error('plugin not found')));
    expect(screen.getByText(/has to be saved once before it can answer.*plugin not found/)).toBeVisible();
    expect(status()).toBeEmptyDOMElement();
  });

  it('does not bring back settings that changed since the editor was opened', async () => {
    const { options } = await setup();
    write('Currency', 'EUR');
    write('Catalogue', 'a: b');
    expect(options().jsonData).toMatchObject({ currency: 'EUR', catalog: 'a: b' });
  });
});
