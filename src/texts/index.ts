import { config } from '@grafana/runtime';
import { en } from './en';

/**
 * Every text that the frontend shows, one module per language. Another language is a module of this type and
 * an entry below; the compiler names what it leaves out. The words for questions and measures are not among
 * them: they come from the backend's vocabulary.
 */
export type Texts = typeof en;

const LANGUAGES: Readonly<Record<string, Texts>> = { en };

/** The texts for a language tag such as `de-DE`: those of its language, English where there are none. */
export function textsFor(tag = ''): Texts {
  return LANGUAGES[tag] ?? LANGUAGES[tag.split('-')[0]] ?? en;
}

/** The texts in the language that the user of this browser has chosen in Grafana. */
export const texts = textsFor(config.bootData?.user?.language);
