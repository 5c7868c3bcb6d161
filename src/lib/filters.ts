import { type AdHocVariableFilter } from '@grafana/data';
import { texts } from '../texts';
import { type Labels, type QueryBody, type Selection } from '../types';

/** Members of a selection that can be filtered by like labels. A label of the same name cannot be. */
const MEMBERS = ['slo', 'service', 'journey'] as const;
type Member = (typeof MEMBERS)[number];

/** "Is", and "is one of". */
const OPERATORS: ReadonlySet<string> = new Set(['=', '=|']);

/** Says which filter cannot be followed, in words; nothing when all can. */
export function filterProblem(filters: AdHocVariableFilter[] = []): string | undefined {
  const wrong = filters.find(({ operator }) => !OPERATORS.has(operator));
  return wrong && texts.filters.operator(wrong.key, wrong.operator, wrong.value);
}

export function filterKeys(labels: Labels): string[] {
  return [
    ...MEMBERS,
    ...Object.keys(labels)
      .filter((label) => !isMember(label))
      .sort(),
  ];
}

/** The body, narrowed by the filters of the dashboard. Its variables are resolved already. */
export function narrow(body: QueryBody, filters: AdHocVariableFilter[] = []): QueryBody {
  return filters.reduce((narrowed, { key, value, values }) => {
    const wanted = values?.length ? values : [value];
    const select = isMember(key) ? byMember(narrowed.select, key, wanted) : byLabel(narrowed.select, key, wanted);
    return { ...narrowed, select };
  }, body);
}

function isMember(key: string): key is Member {
  return (MEMBERS as readonly string[]).includes(key);
}

function byMember(select: Selection = {}, member: Member, wanted: string[]): Selection {
  return { ...select, [member]: both(select[member], wanted) };
}

function byLabel(select: Selection = {}, label: string, wanted: string[]): Selection {
  const have = select.labels?.[label];
  const values = both(have === undefined ? undefined : [have].flat(), wanted);
  return { ...select, labels: { ...select.labels, [label]: values.length === 1 ? values[0] : values } };
}

/**
 * What both allow. Nothing in common must not turn into everything: it becomes a name that nothing has, which
 * the backend shows in its error.
 */
function both(have: string[] = [], wanted: string[]): string[] {
  if (have.length === 0) {
    return wanted;
  }
  const common = have.filter((value) => wanted.includes(value));
  return common.length > 0 ? common : [texts.filters.nothing(have, wanted)];
}
