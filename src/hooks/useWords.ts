import { useEffect, useState } from 'react';
import { type Words } from '../lib/completion';
import { type Workshop } from '../lib/workshop';

/** Nothing to suggest. */
const NONE: Words = { outlines: [], names: { metrics: [], labels: [] } };

/**
 * What the catalogue's editor completes, loaded anew with each version of the settings that is saved. Whatever
 * cannot be loaded is not suggested, and that is all.
 */
export function useWords(workshop: Workshop, saved?: number): Words {
  const [words, setWords] = useState(NONE);
  useEffect(() => {
    let current = true;
    const add = (members: Partial<Words>) => current && setWords((have) => ({ ...have, ...members }));
    const nothing = () => undefined;
    workshop.outlines().then((outlines) => add({ outlines }), nothing);
    workshop.names().then((names) => add({ names }), nothing);
    return () => {
      current = false;
    };
    // What is saved says which store to ask.
  }, [workshop, saved]);
  return words;
}
