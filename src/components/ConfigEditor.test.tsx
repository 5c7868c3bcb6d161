import { type DataSourceSettings } from '@grafana/data';
import { setBackendSrv, type BackendSrv } from '@grafana/runtime';
import { type CodeEditor } from '@grafana/ui';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React, { useState, type ComponentProps } from 'react';
import { defer, from } from 'rxjs';
import { REST_MS } from '../hooks/useValidation';
import { addDocument } from '../lib/documents';
import { TEMPLATES } from '../lib/templates';
import { type Preview, type StakesOptions, type StakesSecrets, type Validation } from '../types';
import { ConfigEditor } from './ConfigEditor';

type CodeEditorProps = ComponentProps<typeof CodeEditor>;

/** The part of Monaco's provider that the tests call. */
interface Provider {
  provideCompletionItems: (
    model: unknown,
    position: { lineNumber: number; column: number }
  ) => { suggestions: Array<{ label: string; insertText: string; range: object }> };
}

const code = {
  setModelMarkers: jest.fn(),
  setPosition: jest.fn(),
  revealLineInCenter: jest.fn(),
  focus: jest.fn(),
  complete: jest.fn((language: string, provider: Provider) => ({ language, provider, dispose: jest.fn() })),
};

jest.mock('@grafana/ui', () => ({
  ...jest.requireActual('@grafana/ui'),
  CodeEditor: (props: CodeEditorProps) => <FakeCodeEditor {...props} />,
}));

/** The text of the editor that was shown last. */
let lastModel: object;

/** How long Monaco takes to load; none where it is there already. */
let loading = 0;

/** Like Grafana's code editor it keeps the first onChange for ever, and hands out Monaco when it is there. */
function FakeCodeEditor({ value, readOnly, onChange, onEditorDidMount }: CodeEditorProps) {
  const [firstOnChange] = useState(() => onChange);
  React.useEffect(() => {
    const model = {
      getValue: () => 'kind: SLO\nmet',
      getLineCount: () => 9,
      getLineFirstNonWhitespaceColumn: () => 3,
      getLineMaxColumn: () => 20,
    };
    const languages = { CompletionItemKind: {}, registerCompletionItemProvider: code.complete };
    const monaco = { editor: code, MarkerSeverity: { Error: 8, Warning: 4 }, languages };
    lastModel = model;
    const ready = () => onEditorDidMount?.({ ...code, getModel: () => model } as never, monaco as never);
    if (loading === 0) {
      ready();
      return;
    }
    const timer = setTimeout(ready, loading);
    return () => clearTimeout(timer);
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

const said: Preview = {
  slos: [{ slo: 'orders', title: 'Orders', said: 'Missed: 48 of 2,400 failed.', figures: 'SLI 98 %' }],
  left: 2,
  warnings: ['Orders: too few events'],
};

type Answer = (catalog: string) => Promise<Validation>;

async function setup(
  jsonData: StakesOptions = {},
  answer: Answer = async () => ({ problems: [], slos: 3 }),
  secureJsonFields: Record<string, boolean> = {}
) {
  const onOptionsChange = jest.fn();
  const validate = jest.fn(answer);
  const preview = jest.fn(async (): Promise<Preview> => said);
  const fetch = ({ url, data }: { url: string; data?: { catalog: string } }) =>
    defer(() => from(answerTo(url.split('/').at(-1) ?? '', data?.catalog ?? '')));
  const answerTo = async (resource: string, catalog: string) => {
    switch (resource) {
      case 'validate':
        return { data: await validate(catalog) };
      case 'preview':
        return { data: await preview() };
      case 'outline':
        return { data: [{ apiVersion: 'openslo/v1', kind: 'SLO', fields: [{ name: 'metadata' }] }] };
      default:
        throw new Error('connection refused');
    }
  };
  setBackendSrv({ fetch } as unknown as BackendSrv);

  const first = { uid: 'u1', url: 'http://a', jsonData, secureJsonFields } as DataSourceSettings<
    StakesOptions,
    StakesSecrets
  >;
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
  return { wasCollapsed: Boolean(more), validate, preview, options: () => onOptionsChange.mock.lastCall?.[0] };
}

const wait = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
const write = (label: string, text: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
const pick = (option: string | RegExp) => fireEvent.click(screen.getByRole('option', { name: option }));
const status = () => screen.getByLabelText('Result of the check');

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.clearAllMocks();
});

describe('settings', () => {
  it.each<[string, string, keyof StakesOptions, unknown]>([
    ['Scrape interval', '30s', 'timeInterval', '30s'],
    ['Query parameters', 'a=b', 'customQueryParameters', 'a=b'],
    ['Currency', 'eur', 'currency', 'EUR'],
    ['Query delay', '1m', 'queryDelay', '1m'],
    ['Groups', '20', 'maxGroups', 20],
    ['Samples', '5000000', 'maxSamples', 5_000_000],
    // 32 × 1024 × 1024
    ['Memory (MiB)', '32', 'cacheSize', 33_554_432],
    [
      'Addresses',
      'https://a.example\n\nhttps://b.example\n',
      'catalogUrls',
      ['https://a.example', 'https://b.example'],
    ],
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
    ['Groups', '0', /"0" is not a whole number/],
    ['Addresses', 'a.example', /"a.example" is not an address/],
    ['Addresses', 'https://user:secret@a.example', /holds a user or a password/],
  ])('keeps a wrong text of %s in its input', async (label, text, message) => {
    const { options } = await setup();
    write(label, text);
    expect(screen.getByLabelText(label)).toHaveValue(text);
    expect(screen.getByText(message)).toBeVisible();
    expect(options()).toBeUndefined();
  });

  it.each<[string, StakesOptions, string]>([
    ['Memory (MiB)', { cacheSize: 67_108_864 }, '64'],
    ['Addresses', { catalogUrls: ['https://a.example', 'https://b.example'] }, 'https://a.example\nhttps://b.example'],
  ])('shows what is saved as %s', async (label, jsonData, text) => {
    await setup(jsonData);
    expect(screen.getByLabelText(label)).toHaveValue(text);
  });

  it('discovers the SLOs of every tool unless somebody says otherwise', async () => {
    const { options } = await setup();
    expect(screen.getByLabelText('Sloth')).toBeChecked();
    fireEvent.click(screen.getByLabelText('Grafana SLO'));
    expect(options().jsonData.discover).toEqual(['sloth', 'pyrra']);
    fireEvent.click(screen.getByLabelText('Sloth'));
    fireEvent.click(screen.getByLabelText('Pyrra'));
    expect(options().jsonData.discover).toEqual([]);
    fireEvent.click(screen.getByLabelText('Pyrra'));
    expect(options().jsonData.discover).toEqual(['pyrra']);
  });

  it.each<[string, StakesOptions]>([
    ['an identity', { oauthPassThru: true }],
    ['cookies', { keepCookies: ['session'] }],
  ])('discovers nothing by itself in a store that wants %s of the user', async (_, jsonData) => {
    const { options } = await setup(jsonData);
    expect(screen.getByLabelText('Sloth')).not.toBeChecked();
    fireEvent.click(screen.getByLabelText('Sloth'));
    expect(options().jsonData.discover).toEqual(['sloth']);
  });

  it('finds a time zone by a part of its name, and a day of the week', async () => {
    const { options } = await setup();
    write('Time zone', 'berlin');
    pick('Europe/Berlin');
    expect(options().jsonData.timezone).toBe('Europe/Berlin');
    fireEvent.keyDown(screen.getByLabelText('First day of the week'), { key: 'ArrowDown' });
    pick('Sunday');
    expect(options().jsonData.weekStart).toBe('sunday');
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

  it('is completed in its own editor only', async () => {
    await setup({ catalog: 'a: b' });
    const [language, provider] = code.complete.mock.lastCall ?? [];
    expect(language).toBe('yaml');
    const position = { lineNumber: 2, column: 4 };
    expect(provider?.provideCompletionItems({}, position).suggestions).toEqual([]);
    expect(provider?.provideCompletionItems(lastModel, position).suggestions).toEqual([
      expect.objectContaining({
        label: 'metadata:',
        insertText: 'metadata: ',
        range: { startLineNumber: 2, endLineNumber: 2, startColumn: 1, endColumn: 4 },
      }),
    ]);
  });

  it('says what its SLOs would have said, until the text changes', async () => {
    const { preview } = await setup({ catalog: 'a: b' });
    expect(preview).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Try it on real data' }));
    await wait(0);
    expect(screen.getByText(/48 of 2,400 failed/)).toBeVisible();
    expect(screen.getByText('2 more SLOs of this text were not tried.')).toBeVisible();
    expect(screen.getByText(/^Tab indents\. To leave the editor/)).toBeVisible();
    const warnings = screen.getByRole('list', { name: 'What to know about these answers' });
    expect(warnings).toHaveTextContent('Orders: too few events');
    write('Catalogue', 'a: c');
    expect(screen.queryByText(/48 of 2,400 failed/)).toBeNull();
  });

  it('says why its SLOs could not be tried', async () => {
    const { preview } = await setup({ catalog: 'a: b' });
    preview.mockRejectedValue(new Error('the store did not answer'));
    fireEvent.click(screen.getByRole('button', { name: 'Try it on real data' }));
    await wait(0);
    expect(screen.getByText(/could not be found out: the store did not answer/)).toBeVisible();
  });

  it('is not tried while it defines no SLO', async () => {
    await setup({ catalog: 'a: b' }, async () => ({ problems: [], slos: 0 }));
    expect(screen.queryByRole('button', { name: 'Try it on real data' })).toBeNull();
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
    const { text } = addDocument('', TEMPLATES[0]);
    expect(options().jsonData.catalog).toBe(text);
    expect(validate).toHaveBeenLastCalledWith(text);
    expect(screen.queryByRole('button', { name: 'Start with an example' })).toBeNull();
  });

  it('shows the example in an editor that is ready only later', async () => {
    loading = REST_MS;
    code.focus.mockClear();
    try {
      await setup();
      fireEvent.click(screen.getByRole('button', { name: 'Start with an example' }));
      expect(code.focus).not.toHaveBeenCalled();
      await wait(2 * REST_MS);
      expect(code.focus).toHaveBeenCalledTimes(1);
    } finally {
      loading = 0;
    }
  });

  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    'grows by a template: %s',
    async (id, template) => {
      const { options } = await setup({ catalog: 'a: b\n' });
      fireEvent.keyDown(screen.getByLabelText('Add from template'), { key: 'ArrowDown' });
      pick(new RegExp(`^${id}`, 'i'));
      expect(options().jsonData.catalog).toBe(addDocument('a: b', template).text);
      expect(code.setPosition).toHaveBeenLastCalledWith({ lineNumber: 3, column: 1 });
    }
  );

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

describe('the confidential catalogue', () => {
  const secret = () => screen.getByLabelText('Confidential documents');

  it('goes to where Grafana keeps secrets, and not into the settings that everybody gets', async () => {
    const { options } = await setup({ catalog: 'a: b' });
    write('Confidential documents', 'kind: Value');
    expect(options().secureJsonData).toEqual({ catalog: 'kind: Value' });
    expect(options().jsonData).toEqual({ catalog: 'a: b' });
  });

  it('is only said to be there once it is saved, and can be written anew', async () => {
    const { options } = await setup({}, undefined, { catalog: true, password: true });
    expect(secret()).toBeDisabled();
    expect(secret()).toHaveValue('configured');
    fireEvent.click(screen.getByRole('button', { name: 'Reset' }));
    expect(options().secureJsonFields).toEqual({ catalog: false, password: true });
    expect(options().secureJsonData).toEqual({ catalog: '' });
    expect(secret()).toBeEnabled();
  });

  it('says who can read what', async () => {
    await setup();
    expect(screen.getByText(/Everybody who sees a dashboard can get at this text/)).toBeVisible();
    expect(screen.getByText(/gives them to nobody but Stakes/)).toBeVisible();
  });
});
