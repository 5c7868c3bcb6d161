package words

func german() *Language {
	return &Language{
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		scales: []scale{{1e9, nbsp + "Mrd.", nbsp + "Mrd.", 1}, {1e6, nbsp + "Mio.", nbsp + "Mio.", 1}},
		money:  moneyStyle{signs: signs, signAfter: true, after: nbsp},
		one:    func(n float64) bool { return n == 1 },
		templates: map[string]string{
			"between":  "{base} (zwischen {low} und {high})",
			"date":     "{day}. {month} {year}",
			"datetime": "{date}, {time} Uhr {zone}",

			"during.day": "am letzten Tag", "during.days": "in den letzten {n} Tagen",
			"during.hour": "in der letzten Stunde", "during.hours": "in den letzten {n} Stunden",
			"during.minute": "in der letzten Minute", "during.minutes": "in den letzten {n} Minuten",
			"for.day": "für den letzten Tag", "for.days": "für die letzten {n} Tage",
			"for.hour": "für die letzte Stunde", "for.hours": "für die letzten {n} Stunden",
			"for.minute": "für die letzte Minute", "for.minutes": "für die letzten {n} Minuten",
			"since": "seit dem {date}",

			"events": "Anfragen", "failed": "sind fehlgeschlagen", "failed.one": "ist fehlgeschlagen",
			"slices.one": "Minuten", "slices": "Abschnitten von {n} Minuten", "slices.failed": "waren schlecht", "slices.failed.one": "war schlecht",
			"allowed.by": "etwa {allowed} bis zum {date}",
			"met":        "Eingehalten", "at-risk": "Eingehalten, aber gefährdet", "missed": "Nicht eingehalten", "cannot-tell-word": "Keine Aussage möglich",

			"not-evaluated":   "Keine Aussage möglich: Dies ließ sich nicht auswerten.",
			"no-data":         "Keine Aussage möglich: Es gibt keine Daten {for}.",
			"cannot-tell":     "Keine Aussage möglich: {why}.",
			"cannot-tell-yet": "Keine Aussage möglich: {why}. Bisher bekannt {during}: {bad} von {total} {events} {failed}; unser Versprechen von {target} erlaubt {allowed}.",
			"verdict":         "{verdict} {during}: {bad} von {total} {events} {failed}; unser Versprechen von {target} erlaubt {allowed}.",
			"left":            "Von den erlaubten Fehlern sind noch {remaining} übrig.",
			"times-as-many":   "Das ist das {times}-Fache dessen, was es erlaubt.",
			"cost":            "Diese Fehler kosteten etwa {loss}.",
			"cost-more":       "Diese Fehler kosteten etwa {loss}, {excess} mehr, als das Versprechen hinnimmt.",
			"customers":       "Betroffene Kunden: etwa {customers}.",
			"missing":         "Ausgebliebene Nachfrage wäre etwa {missing} wert gewesen; das ist geschätzt und kommt hinzu.",
			"declared":        "Gemeldete Vorfälle, die kein Zähler zeigt: {declared}, mit Kosten von etwa {declaredCost}.",
			"miss":            "Die Wahrscheinlichkeit, dass das Versprechen nicht eingehalten wird, liegt bei {miss}.",
			"exhausted":       "Geht es so weiter, ist ab dem {exhausted} nichts mehr übrig, was es erlaubt.",
			"recovers":        "Schlägt nichts mehr fehl, wird es ab dem {recovers} wieder eingehalten.",

			"product":     "{verdict} {during}: Von den {events} waren {sli} gut; versprochen sind {target}.",
			"product-yet": "Bisher bekannt {during}: Von den {events} waren {sli} gut; versprochen sind {target}.",
			"may-fail":    "Weitere {left} dürfen fehlschlagen, bevor das Versprechen verfehlt ist: {remaining} dessen, was es erlaubt.",
			"over":        "Das sind {over} Fehler mehr, als es erlaubt.",
			"pace":        "Fehler kamen {lookback} {burn}-mal so schnell, wie das Versprechen es verträgt.",
			"policy":      "Was für jetzt vereinbart ist: {policy}.",

			"engineer-verdict":   "{verdict}.",
			"engineer":           "SLI {sli} bei einem Ziel von {target} {during}: {bad} schlechte von {total}, {limit} erlaubt.",
			"budget":             "Fehlerbudget verbraucht: {consumed}.",
			"burn":               "Burn-Rate {lookback}: {burn}.",
			"coverage":           "Abdeckung: {coverage}.",
			"engineer-miss":      "Wahrscheinlichkeit, das Ziel zu verfehlen: {miss}.",
			"engineer-exhausted": "Budget bei diesem Tempo aufgebraucht: {exhaustedAt}.",
			"engineer-recovers":  "Ohne weitere Fehler wieder im Budget: {recoversAt}.",

			"why":                "es gibt nicht genug Daten",
			"why.no-data":        "im Zeitraum gibt es keine Daten",
			"why.low-coverage":   "nur {coverage} des Zeitraums sind durch Daten abgedeckt",
			"why.no-events":      "im Zeitraum ist nichts geschehen",
			"why.too-few-events": "es sind zu wenige Ereignisse, um über das Ziel zu urteilen",
			"why.good-above-total": "es wurden mehr gute Ereignisse gezählt als Ereignisse insgesamt; " +
				"die beiden Abfragen zählen nicht dasselbe",
			"why.member-unknown": "für einen Teil der Versprechen ist keine Aussage möglich",
		},
	}
}
