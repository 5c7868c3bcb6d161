/** English. Sentences are functions of what varies, so that other languages can order their words. */

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function list(words: string[], conjunction = 'and'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** "Budget remaining" reads as "budget remaining" in a sentence, but "SLI" stays as it is. */
function lowerFirst(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title[0].toLowerCase() + title.slice(1) : title;
}

export const en = {
  /** What is wrong with a text that was typed */
  problems: {
    duration: (text: string) => `"${text}" is not a duration. Write it like 30m, 6h or 28d.`,
    window: (text: string, units: string[]) =>
      `"${text}" is not a window. Write a duration like 28d${units.length ? `, or ${list(units, 'or')}` : ''}.`,
    zeroDuration: 'The duration must be longer than zero.',
    partOfMinute: 'The duration must be a whole number of minutes.',
    failures: (text: string) => `"${text}" is neither a share nor a multiple. Write it like 0.5 % or 2x.`,
    currency: (text: string) => `"${text}" is not a currency code. Write its three letters, like EUR or USD.`,
    url: (text: string) => `"${text}" is not an address. Write it like https://example.com/slos.yaml.`,
    urlWithUser: (host: string) =>
      `The address of ${host} holds a user or a password, which everybody who sees a dashboard could read.`,
    wholeNumber: (text: string) => `"${text}" is not a whole number above zero.`,
    cost: (text: string) => `"${text}" is not an amount of money. Write a number, like 20000.`,
    target: (text: string) => `"${text}" is not a target. Write percentages between 0 and 100, like 99.9, 99.95.`,
    decimalComma: (text: string) =>
      `"${text}" can be read as one target or as two. Write ${text.replace(',', '.')}, or ${text.replace(',', ', ')} with a space.`,
  },

  fields: {
    add: (label: string) => `Use "${label}"`,
    default: 'Default',

    question: 'Question',
    questionTip: 'What you want to know. Everything below follows from it.',
    unusable: {
      alerting: 'An alert rule cannot be made of this question. Choose another one.',
      annotations: 'Annotations cannot be made of this question. Choose another one.',
    },
    loadingQuestions: 'Loading the questions…',

    slos: 'SLOs',
    slosTip:
      'A service level objective (SLO) promises that a share of events, such as requests, is good. Blank means every SLO. Variables such as $slo work.',
    everySlo: 'Every SLO',
    services: 'Services',
    servicesTip: 'Only SLOs of these services',
    everyService: 'Every service',
    journeys: 'Journeys',
    journeysTip: 'Only SLOs that are steps of these journeys: what a customer goes through from end to end',
    everyJourney: 'Every journey',

    labels: 'Labels',
    labelsTip: 'Only SLOs that carry all of these labels',
    label: (number: number) => `Label ${number}`,
    labelPlaceholder: 'Label',
    labelValue: (key: string | number) => `Value of label ${key}`,
    valuePlaceholder: 'Value',
    addLabel: 'Add label',
    removeLabel: (key: string | number) => `Remove label ${key}`,

    measures: 'Measures',
    measuresTip:
      'What is shown. The error budget is the failures that a promise allows; the burn rate is how fast they are used up.',
    by: 'By',
    byTip: 'What one answer is about: each SLO by itself, or SLOs added up',
    pool: 'Pooling',
    poolTip: 'How several members become one figure',
    period: 'Period',
    periodTip: 'The unit of the calendar that is judged as a whole, in the time zone of the data source',
    lookback: 'Lookback',
    lookbackTip: 'The interval that rates are measured over. A short one reacts sooner, a long one is calmer.',
    window: 'Window',
    windowTip:
      'Replaces the time window that each SLO was promised for: a duration that ends now, or a unit of the calendar so far',
    ownWindow: "Each SLO's own",
    horizon: 'Horizon',
    horizonTip: 'How far ahead the answer looks',
    scenario: 'Scenario',
    scenarioTip: 'What is assumed about the time to come',
    failures: 'Failures',
    failuresTip: 'How many fail from now on: a share of all events, or a multiple of the share of the lookback',
    failuresPlaceholder: '0.5 % or 2x',
    targets: 'Targets',
    targetsTip: 'Candidate targets in percent, separated by commas. Blank leaves the choice to Stakes.',
    targetsPlaceholder: '99.9, 99.95',
    cost: 'Cost a year',
    costTip: 'What it takes to keep a higher target, in money a year, to hold against what it is worth',
    costPlaceholder: '20000',
    audience: 'Audience',
    audienceTip: 'Who the statement is written for',
    locale: 'Language',
    localeTip: 'The language of the sentences, with its way of writing numbers and dates',
    format: 'Format',
    formatTip: 'The form of the answer',
    seeError: 'The error below is about this.',
    warnings: (number: number) => `${number} warnings`,
    moreWarnings: (number: number) => `${number} more`,
    formatNotAlertable: 'An alert rule cannot be made of this format. Choose the other one.',
  },

  options: {
    alertable: (words: string) => `${words} Can be alerted on.`,
    service: (name: string) => `service ${name}`,
    owner: (name: string) => `owner ${name}`,
    unit: (title: string) => `The ${lowerFirst(title)} of the calendar so far`,
    days: (number: number) => `The last ${number === 1 ? '24 hours' : `${number} days`}`,
  },

  variables: {
    list: 'List',
    lists: {
      slo: 'SLOs',
      service: 'Services',
      journey: 'Journeys',
      owner: 'Owners',
      label: 'Values of a label',
      objective: 'Objectives',
    },
    words: {
      slo: 'By the names that people gave them',
      service: 'Services that have an SLO',
      journey: 'What customers go through from end to end',
      owner: 'Who answers for an SLO',
      label: 'Of the labels that SLOs carry',
      objective: 'Targets in percent; the value is a ratio such as 0.999',
    },
    label: 'Label',
    chooseLabel: 'Choose a label',
  },

  loading: {
    failed: (names: string[], reasons: string[]) =>
      `Stakes could not load the ${names.join(', ')}: ${reasons.join('; ')}. Names can still be typed.`,
    vocabulary: 'vocabulary',
    slos: 'SLOs',
    services: 'services',
    journeys: 'journeys',
    labels: 'labels',
    noReason: 'no reason was given',
    status: (status: number) => `status ${status}`,
  },

  unknownQuery: {
    later: 'This query was written by a later version of Stakes.',
    question: (name: string | undefined) => `This version of Stakes does not know the question "${name}".`,
    kept: 'It is kept as it is, and can be edited once the plugin is updated.',
    json: 'Query as JSON',
  },

  /** The sentence that says what a query will answer */
  sentence: {
    list,
    lowerFirst,
    shows: (measures: string[], about: string, over: string, each: string, rest: string) =>
      `Shows the ${list(measures)} of ${about}${over}${each}${rest}.`,
    answers: (question: string, about: string, over: string, rest: string) =>
      `Answers “${question}”${about && ` for ${about}`}${over}${rest}.`,
    rate: (title: string, lookback: string) => `${title} (last ${lookback})`,
    ratesOver: (lookback: string) => `, rates over the last ${lookback}`,
    everySlo: 'every SLO',
    ofServices: (services: string[]) => `of ${services.length > 1 ? 'services' : 'service'} ${list(services, 'or')}`,
    ofJourneys: (journeys: string[]) => `in ${journeys.length > 1 ? 'journeys' : 'journey'} ${list(journeys, 'or')}`,
    withLabels: (labels: Array<[string, string[]]>) =>
      `with ${list(labels.map(([key, values]) => `${key} ${list(values, 'or')}`))}`,
    overLast: (duration: string) => ` over the last ${duration}`,
    overCurrent: (unit: string) => ` over the ${lowerFirst(unit)} so far`,
    overOwn: (several: boolean) => ` over ${several ? 'their own windows' : 'its own window'}`,
    lineEach: (by: string, perMeasure: boolean) =>
      `, one line per ${lowerFirst(by)}${perMeasure ? ' and measure' : ''}`,
    valueEach: (by: string, perMeasure: boolean) =>
      `, one value per ${lowerFirst(by)}${perMeasure ? ' and measure' : ''}`,
    rowEach: (by: string) => `, one row per ${lowerFirst(by)}`,
    pool: (title: string) => ` (${lowerFirst(title)})`,
    period: (title: string) => `, ${lowerFirst(title)} by ${lowerFirst(title)}`,
    horizon: (duration: string) => `, looking ${duration} ahead`,
    scenario: (title: string) => `, assuming “${title}”`,
    failures: (text: string) => ` with ${text} failing`,
    targets: (percents: string[]) =>
      `, with ${percents.length > 1 ? 'targets' : 'a target'} of ${list(percents.map((percent) => (percent.includes('$') ? percent : `${percent} %`)))}`,
    cost: (money: string) => `, if more costs ${money} a year`,
    audience: (title: string) => `, written for “${title}”`,
    locale: (title: string) => `, in ${title}`,
    format: (title: string) => `, given as ${lowerFirst(title)}`,
    liesAhead: 'What lies ahead is outside of the time range: let that end later, for example at now+28d.',
    bestShownAs: (visualization: string) => `Best shown as ${visualization}.`,
  },

  help: {
    title: 'Asking Stakes',
    introduction:
      'A service level objective (SLO) promises that a share of events, such as requests, is good over a time window. The rest may fail: that is the error budget. Stakes tells how much of it is left, how fast it goes, and what failures cost. Choose a question, then the SLOs it is about; without a choice it is about all of them.',
    examplesTitle: 'Examples to start from',
    questionsTitle: 'Every question',
    measuresTitle: 'What the measures mean',
    examples: {
      remaining: 'How much error budget is left of each promise?',
      burning: 'How fast has the error budget been spent?',
      services: 'Which services keep their promises?',
      month: 'What share of events has been good this month?',
      loss: 'What did failures cost?',
    },
  },

  filters: {
    operator: (key: string, operator: string, value: string) =>
      `Stakes cannot filter by ${key} ${operator} ${value}: SLOs are chosen by what a label is, with = or "one of".`,
    /** Stands in for a name, in an error of the backend */
    nothing: (have: string[], wanted: string[]) => `${list(have, 'or')} and at once ${list(wanted, 'or')}`,
  },

  /** A query in one line of a list */
  describe: (head: string, about: string[]) => (about.length ? `${head} of ${about.join(', ')}` : head),

  catalog: {
    title: 'Catalogue',
    description:
      'The SLOs and what depends on them, as YAML documents: OpenSLO for what is measured, stakes/v1 for what it means. Everybody who sees a dashboard can get at this text; what must stay in the house belongs into the confidential catalogue below.',
    loading: 'Loading the editor…',
    add: 'Add from template',
    addPlaceholder: 'Add from template…',
    templates: {
      ratio: ['Ratio', 'Bad events out of all events, from two counters'],
      latency: ['Latency', 'Requests that are quick enough, from a histogram'],
      probe: ['Probe', 'Time in which something can be reached, from a gauge'],
      journey: ['Journey', 'Steps that a customer goes through from end to end'],
      value: ['Value', 'What an event is worth'],
      agreement: ['Agreement', 'The promise in the words of customers, and who agreed to it'],
      correction: ['Correction', 'Time that counts otherwise than it was measured'],
    },
    start: 'Start with an example',
    empty: 'There are no SLOs yet. Write the first one, or start with an example and adapt it.',
    /** The editor keeps Tab to itself, which nobody can guess who has no mouse. */
    keys: 'Tab indents. To leave the editor with Tab, press Ctrl+M first (Ctrl+Shift+M on a Mac).',
    checking: 'Checking…',
    result: 'Result of the check',
    summary: (slos: number, problems: number) =>
      `${count(slos, 'SLO')}, ${problems > 0 ? count(problems, 'problem') : 'no problems'}`,
    problems: 'Problems of the catalogue',
    line: (number: number) => `Line ${number}`,
    inDocument: (number: number) => `document ${number}`,
    tryOut: 'Try it on real data',
    trying: 'Trying…',
    tried: 'What these SLOs would have said',
    notTried: (reason: string) =>
      `What these SLOs would have said could not be found out: ${reason}. They are tried on the store that was saved last.`,
    figures: 'In figures',
    previewWarnings: 'What to know about these answers',
    left: (number: number) => `${count(number, 'more SLO')} of this text ${number === 1 ? 'was' : 'were'} not tried.`,
    notChecked: 'The catalogue could not be checked.',
    notCheckedBecause: (reason: string) =>
      `It is checked by the data source itself, which has to be saved once before it can answer. Reason given: ${reason}`,
    confidential: 'Confidential documents',
    confidentialDescription:
      'More documents of the same kind. Grafana encrypts them, and gives them to nobody but Stakes, not even to those who edit this page: keep a copy. Answers show what follows from them, such as losses, but not the documents.',
    confidentialPlaceholder: 'apiVersion: stakes/v1\nkind: Value\n…',
  },

  /** What the catalogue defines, as files for others */
  exports: {
    title: 'Export',
    description:
      'What is saved in this data source, as files: rules that count and alert elsewhere, and definitions to take along. At the top of each stands what it leaves out. They hold PromQL, of the confidential documents too.',
    formats: {
      prometheus: ['Prometheus rules', 'Recording and alerting rules, for Prometheus and vmalert'],
      mimir: ['Mimir rules', 'The same for the ruler of Mimir, loaded by mimirtool'],
      thanos: ['Thanos rules', 'The same for Thanos Rule'],
      grafana: ['Grafana alert rules', 'A file for the provisioning of alerts, which ask this data source'],
      openslo: ['OpenSLO', 'All SLOs as OpenSLO v1, whatever they were read from'],
    },
    failed: 'The file could not be made.',
  },

  config: {
    connection: 'The Prometheus-compatible store that holds the counters',
    noUser: 'Alert rules and public dashboards have no user whose identity is forwarded.',
    noUserWhy: 'With this authentication method they cannot ask the store. Choose another one if you need them.',

    sources: 'More SLOs',
    sourcesDescription: 'SLOs that are defined elsewhere; they are read anew every five minutes',
    discover: 'Discover',
    discoverTip:
      'SLOs that these tools already record in the same store. They are counted exactly where the store gives its recording rules, and else estimated from what was recorded.',
    discoveries: { sloth: 'Sloth', pyrra: 'Pyrra', grafana: 'Grafana SLO' },
    catalogUrls: 'Addresses',
    catalogUrlsTip:
      'YAML documents that are fetched from there, one address per line. The credentials above are sent to the host of the store only. Everybody who sees a dashboard can read the addresses: put no password into them.',

    business: 'Business',
    businessDescription: 'What the answers are given in',
    currency: 'Currency',
    currencyTip: 'Three letters (ISO 4217); money is shown in it where a value names no other',
    timezone: 'Time zone',
    timezoneTip: 'Calendar days, weeks and months begin and end in it, whoever looks from wherever',
    weekStart: 'First day of the week',
    weekStartTip: 'Calendar weeks start on it',
    days: {
      monday: 'Monday',
      tuesday: 'Tuesday',
      wednesday: 'Wednesday',
      thursday: 'Thursday',
      friday: 'Friday',
      saturday: 'Saturday',
      sunday: 'Sunday',
    },
    queryDelay: 'Query delay',
    queryDelayTip: 'How far behind now the data is complete; later samples are not judged yet',

    additional: 'Additional settings',
    additionalDescription: 'How the store is asked; the defaults suit most of them',
    prometheus: 'Prometheus',
    httpMethod: 'HTTP method',
    httpMethodTip: 'POST allows longer queries',
    timeInterval: 'Scrape interval',
    timeIntervalTip: 'How often the store collects samples, as set in Prometheus',
    customQueryParameters: 'Query parameters',
    customQueryParametersTip: 'Added to every request, for example the tenant of a shared store',
    parametersPlaceholder: 'name=value&other=value',
    limits: 'Limits',
    maxGroups: 'Groups',
    maxGroupsTip:
      'How many groups of one indicator are told apart, such as tenants or regions; an answer says what was left out',
    maxSamples: 'Samples',
    maxSamplesTip:
      'How many samples one answer may read from the store, which takes about a byte each; beyond, events are counted in coarser ways',
    cacheSize: 'Memory (MiB)',
    cacheSizeTip: 'For what was counted already, so that it is not counted again',
  },
};
