package words

func english() *Language {
	return &Language{
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		scales: []scale{{1e9, " billion", " billion", 1}, {1e6, " million", " million", 1}},
		money:  moneyStyle{signs: signs},
		one:    func(float64) bool { return false }, // "1 of 100 requests failed"
		templates: map[string]string{
			"between":  "{base} (between {low} and {high})",
			"date":     "{day} {month} {year}",
			"datetime": "{date}, {time} {zone}",

			"during.day": "in the last day", "during.days": "in the last {n} days",
			"during.hour": "in the last hour", "during.hours": "in the last {n} hours",
			"during.minute": "in the last minute", "during.minutes": "in the last {n} minutes",
			"for.day": "for the last day", "for.days": "for the last {n} days",
			"for.hour": "for the last hour", "for.hours": "for the last {n} hours",
			"for.minute": "for the last minute", "for.minutes": "for the last {n} minutes",
			"since": "since {date}",

			"events": "requests", "failed": "failed", "failed.one": "failed",
			"slices.one": "minutes", "slices": "intervals of {n} minutes", "slices.failed": "were bad", "slices.failed.one": "was bad",
			"allowed.by": "about {allowed} by {date}",
			"met":        "Kept", "at-risk": "Kept, but at risk", "missed": "Missed", "cannot-tell-word": "Cannot tell",

			"not-evaluated":   "Cannot tell: this could not be evaluated.",
			"no-data":         "Cannot tell: there is no data {for}.",
			"cannot-tell":     "Cannot tell: {why}.",
			"cannot-tell-yet": "Cannot tell: {why}. As far as we know, {during}, {bad} of {total} {events} {failed}; our promise of {target} allows {allowed}.",
			"verdict":         "{verdict}: {during}, {bad} of {total} {events} {failed}; our promise of {target} allows {allowed}.",
			"left":            "{remaining} of the failures that it allows are left.",
			"times-as-many":   "That is {times} times as many as it allows.",
			"cost":            "These failures cost about {loss}.",
			"cost-more":       "These failures cost about {loss}, {excess} more than the promise accepts.",
			"customers":       "Customers affected: about {customers}.",
			"missing":         "Demand that stayed away would have been worth about {missing}; that is an estimate and comes on top.",
			"declared":        "Declared incidents that no counter shows: {declared}, at a cost of about {declaredCost}.",
			"miss":            "The probability that the promise will be missed is {miss}.",
			"exhausted":       "If this goes on, nothing that it allows is left from {exhausted} on.",
			"recovers":        "If nothing more fails, it is kept again from {recovers} on.",

			"product":     "{verdict}: {during}, {sli} of {events} were good; we promised {target}.",
			"product-yet": "As far as we know, {during}, {sli} of {events} were good; we promised {target}.",
			"may-fail":    "{left} more may fail before the promise is missed: {remaining} of what it allows.",
			"over":        "{over} more failed than it allows.",
			"pace":        "Failures {lookback} came {burn} times as fast as the promise can bear.",
			"policy":      "What we agreed to do now: {policy}.",

			"engineer-verdict":   "{verdict}.",
			"engineer":           "SLI {sli} against a target of {target} {during}: {bad} bad of {total}, {limit} allowed.",
			"budget":             "Error budget consumed: {consumed}.",
			"burn":               "Burn rate {lookback}: {burn}.",
			"coverage":           "Coverage: {coverage}.",
			"engineer-miss":      "Probability of a miss: {miss}.",
			"engineer-exhausted": "Budget exhausted at this pace: {exhaustedAt}.",
			"engineer-recovers":  "Back within budget without further failures: {recoversAt}.",

			"why": "there is not enough data",
		},
	}
}
