import { CodeEditor, type Monaco, type MonacoEditor } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';
import { complete, type Words } from '../lib/completion';
import { lineMarks } from '../lib/problems';
import { type Problem } from '../types';

/** Namespace of our markers in the code editor. */
const MARKERS = 'stakes';

/** Enter ends the line; Monaco would take the word that it suggests instead. */
const MONACO_OPTIONS = {
  acceptSuggestionOnEnter: 'off',
  // Values of YAML are strings to Monaco, which suggests nothing inside of strings.
  quickSuggestions: { other: true, comments: false, strings: true },
  wordBasedSuggestions: false,
} as const;

/** What the list of problems needs of the code editor. */
export type GoToLine = (line: number) => void;

interface Props {
  value: string;
  readOnly?: boolean;
  problems: Problem[];
  /** What is suggested while somebody types */
  words: Words;
  onChange: (text: string) => void;
  /** Hands out the way to move the cursor once the editor is there */
  onReady: (goToLine: GoToLine) => void;
}

/** The YAML of the catalogue, each problem marked at its line. */
export function CatalogEditor({ value, readOnly, problems, words, onChange, onReady }: Props) {
  const [mounted, setMounted] = useState<{ editor: MonacoEditor; monaco: Monaco }>();
  // Grafana's CodeEditor calls the first onChange it was given for ever: it would bring back old settings.
  const latestOnChange = useRef(onChange);
  useEffect(() => {
    latestOnChange.current = onChange;
  });

  useEffect(() => {
    const model = mounted?.editor.getModel();
    if (!mounted || !model) {
      return;
    }
    const { editor, MarkerSeverity } = mounted.monaco;
    const markers = lineMarks(problems, model.getLineCount()).map(({ line, message, warning }) => ({
      startLineNumber: line,
      endLineNumber: line,
      startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1,
      endColumn: model.getLineMaxColumn(line),
      message,
      severity: warning ? MarkerSeverity.Warning : MarkerSeverity.Error,
    }));
    editor.setModelMarkers(model, MARKERS, markers);
  }, [mounted, problems]);

  const latestWords = useRef(words);
  useEffect(() => {
    latestWords.current = words;
  });
  useEffect(() => {
    const model = mounted?.editor.getModel();
    if (!mounted || !model) {
      return;
    }
    const { CompletionItemKind } = mounted.monaco.languages;
    const kinds = {
      field: CompletionItemKind.Field,
      value: CompletionItemKind.Value,
      metric: CompletionItemKind.Variable,
      label: CompletionItemKind.Property,
    };
    // Providers serve every YAML editor of the page: this one keeps to its own.
    const provider = mounted.monaco.languages.registerCompletionItemProvider('yaml', {
      triggerCharacters: [' ', '{', '(', ',', '['],
      provideCompletionItems: (asking, { lineNumber, column }) => {
        if (asking !== model) {
          return { suggestions: [] };
        }
        const { typed, suggestions } = complete(asking.getValue(), lineNumber, column, latestWords.current);
        const range = {
          startLineNumber: lineNumber,
          endLineNumber: lineNumber,
          startColumn: column - typed.length,
          endColumn: column,
        };
        return {
          suggestions: suggestions.map(({ text, kind }) => ({
            label: text.trimEnd(),
            insertText: text,
            kind: kinds[kind],
            range,
          })),
        };
      },
    });
    return () => provider.dispose();
  }, [mounted]);

  const onMount = (editor: MonacoEditor, monaco: Monaco) => {
    setMounted({ editor, monaco });
    onReady((line) => {
      editor.revealLineInCenter(line);
      editor.setPosition({ lineNumber: line, column: 1 });
      editor.focus();
    });
  };

  return (
    <CodeEditor
      value={value}
      language="yaml"
      height="45vh"
      showLineNumbers
      showMiniMap={false}
      readOnly={readOnly}
      monacoOptions={MONACO_OPTIONS}
      onChange={(text) => latestOnChange.current(text)}
      onEditorDidMount={onMount}
    />
  );
}
