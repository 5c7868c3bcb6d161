import { type ScopedVars } from '@grafana/data';
import { type TemplateSrv } from '@grafana/runtime';

/** How a dashboard variable stands: its value or values, or the text of a custom "All". */
export type Variables = Record<string, string | string[] | { customAll: string }>;

/**
 * Replaces variables as Grafana does: scoped ones win, a formatter receives the values unjoined, a custom
 * "All" bypasses the formatter, and what is not known stays as it was written.
 */
export function templateSrv(variables: Variables): TemplateSrv {
  const replace = (text = '', scopedVars: ScopedVars = {}, format?: string | Function) =>
    text.replace(/\$(\w+)|\$\{(\w+)\}/g, (match, plain, braced) => {
      const value = scopedVars[plain ?? braced]?.value ?? variables[plain ?? braced];
      if (value === undefined) {
        return match;
      }
      if (typeof value === 'object' && 'customAll' in value) {
        return value.customAll;
      }
      return typeof format === 'function' ? format(value, { name: plain ?? braced }) : String(value);
    });
  return {
    replace,
    getVariables: () => [],
    containsTemplate: (text = '') => text.includes('$'),
    updateTimeRange: () => {},
  };
}
