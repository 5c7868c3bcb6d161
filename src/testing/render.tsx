import { render, screen, within } from '@testing-library/react';
import userEvent, { PointerEventsCheckLevel } from '@testing-library/user-event';
import React, { useState, type ComponentType } from 'react';
import { type StakesDataSource } from '../datasource';
import { journeys, labels, services, slos, vocabulary } from './fixtures';

/** A person at the keyboard and the mouse, without jsdom's slow look at styles before each click. */
export const person = () => userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never, delay: null });

/** A data source whose answers are fixtures, unless the test gives others. */
export function fakeDataSource(answers: Partial<Record<keyof StakesDataSource, unknown>> = {}): StakesDataSource {
  return {
    uid: 'stakes',
    vocabulary: async () => vocabulary,
    slos: async () => slos,
    services: async () => services,
    journeys: async () => journeys,
    labels: async () => labels,
    ...answers,
  } as unknown as StakesDataSource;
}

interface EditorProps {
  query: unknown;
  onChange: (query: never) => void;
}

/** Shows an editor whose changes come back to it as its query, as they do in Grafana. */
export function renderEditor<P extends EditorProps>(Editor: ComponentType<P>, props: P) {
  const onChange = jest.fn();
  function Host() {
    const [query, setQuery] = useState<P['query']>(props.query);
    onChange.mockImplementation(setQuery);
    return <Editor {...props} query={query} onChange={onChange} />;
  }
  render(<Host />);
  return { onChange, saved: (): P['query'] => onChange.mock.lastCall?.[0], user: person() };
}

/** Opens a select by its label and chooses an option by what is shown of it. */
export async function choose(label: string, option: string | RegExp) {
  const user = person();
  await user.click(await screen.findByLabelText(label));
  await user.click(await screen.findByRole('option', { name: option }));
}

/** The options that a select offers once it is opened, by their text. */
export async function offered(label: string): Promise<string[]> {
  const user = person();
  await user.click(await screen.findByLabelText(label));
  const menu = await screen.findByRole('listbox');
  return within(menu)
    .queryAllByRole('option')
    .map((option) => option.textContent ?? '');
}
