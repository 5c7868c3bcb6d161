import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

/** What React 19 has no more. Grafana 13 runs plugins with it, and earlier versions with React 18. */
const GONE_IN_REACT_19 = [
  {
    selector: 'AssignmentExpression > MemberExpression.left[property.name=/^(defaultProps|propTypes|contextTypes)$/]',
    message: 'React 19 ignores it: use default values of parameters, types, and createContext.',
  },
  {
    selector: 'PropertyDefinition[key.name=/^(defaultProps|propTypes|contextTypes|childContextTypes)$/]',
    message: 'React 19 ignores it: use default values of parameters, types, and createContext.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^react-dom/]',
    message: 'Grafana renders the plugin: render, hydrate and findDOMNode are gone in React 19.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(react-test-renderer|react-dom.test-utils|prop-types)/]',
    message: 'It is gone in React 19.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(createFactory|findDOMNode)$/]',
    message: 'It is gone in React 19.',
  },
];

/** Words that people read, where a component takes them as an attribute. */
const TEXTS_ELSEWHERE = [
  {
    selector: 'JSXAttribute[name.name=/^(title|label|aria-label|tooltip|tip|description|alt|text)$/] > Literal',
    message: 'Texts for people stand in src/texts, so that they can be translated.',
  },
];

export default defineConfig([
  { ignores: ['**/node_modules/', '**/dist/', '**/coverage/', '**/.eslintcache'] },
  ...baseConfig,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'react/no-string-refs': 'error',
      'react/no-deprecated': 'error',
      'no-restricted-syntax': ['error', ...GONE_IN_REACT_19],
    },
  },
  {
    files: ['src/**/*.tsx'],
    ignores: ['src/**/*.test.tsx', 'src/testing/**'],
    rules: {
      'react/jsx-no-literals': ['error', { ignoreProps: true }],
      'no-restricted-syntax': ['error', ...GONE_IN_REACT_19, ...TEXTS_ELSEWHERE],
    },
  },
]);
