package words

import "strings"

func french() *Language {
	return &Language{
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		scales: []scale{{1e9, nbsp + "milliard", nbsp + "milliards", 2}, {1e6, nbsp + "million", nbsp + "millions", 2}},
		money: moneyStyle{
			signs: signs, signAfter: true, after: nbsp,
			scales: []scale{{1e9, nbsp + "Md", nbsp + "Md", 1}, {1e6, nbsp + "M", nbsp + "M", 1}},
		},
		of: func(noun string) string {
			if noun != "" && strings.Contains("aeiouhéèêâîôûœ", strings.ToLower(string([]rune(noun)[0]))) {
				return " d’" + noun
			}
			return " de " + noun
		},
		one: func(n float64) bool { return n < 2 },
		templates: map[string]string{
			"between":    "{base} (entre {low} et {high})",
			"date":       "{day} {month} {year}",
			"date.first": "1er {month} {year}",
			"datetime":   "{date} à {time} ({zone})",

			"during.day": "sur le dernier jour", "during.days": "sur les {n} derniers jours",
			"during.hour": "sur la dernière heure", "during.hours": "sur les {n} dernières heures",
			"during.minute": "sur la dernière minute", "during.minutes": "sur les {n} dernières minutes",
			"for.day": "pour le dernier jour", "for.days": "pour les {n} derniers jours",
			"for.hour": "pour la dernière heure", "for.hours": "pour les {n} dernières heures",
			"for.minute": "pour la dernière minute", "for.minutes": "pour les {n} dernières minutes",
			"since": "depuis le {date}",

			"events": "requêtes", "failed": "ont échoué", "failed.one": "a échoué",
			"slices.one": "minutes", "slices": "intervalles de {n} minutes", "slices.failed": "n’ont pas tenu", "slices.failed.one": "n’a pas tenu",
			"allowed.by": "environ {allowed} jusqu’au {date}",
			"met":        "Promesse tenue", "at-risk": "Promesse tenue, mais menacée", "missed": "Promesse non tenue", "cannot-tell-word": "Impossible à dire",

			"not-evaluated":   "Impossible à dire : l’évaluation n’a pas pu se faire.",
			"no-data":         "Impossible à dire : il n’y a pas de données {for}.",
			"cannot-tell":     "Impossible à dire : {why}.",
			"cannot-tell-yet": "Impossible à dire : {why}. À notre connaissance, {during} : sur {totalEvents}, {bad} {failed} ; notre promesse de {target} en permet {allowed}.",
			"verdict":         "{verdict} {during} : sur {totalEvents}, {bad} {failed} ; notre promesse de {target} en permet {allowed}.",
			"left":            "Il reste {remaining} des échecs qu’elle permet.",
			"times-as-many":   "C’est {times} fois ce qu’elle permet.",
			"cost":            "Ces échecs ont coûté environ {loss}.",
			"cost-more":       "Ces échecs ont coûté environ {loss}, soit {excess} de plus que ce que la promesse accepte.",
			"customers":       "Clients touchés : environ {customers}.",
			"missing":         "La demande qui n’est pas venue aurait valu environ {missing} ; c’est une estimation, à ajouter.",
			"declared":        "Incidents déclarés qu’aucun compteur ne montre : {declared}, pour un coût d’environ {declaredCost}.",
			"miss":            "La probabilité que la promesse ne soit pas tenue est de {miss}.",
			"exhausted":       "À ce rythme, il ne restera rien de ce qu’elle permet à partir du {exhausted}.",
			"recovers":        "Si plus rien n’échoue, elle sera de nouveau tenue à partir du {recovers}.",

			"product":     "{verdict} {during} : {sli} de réussite ({events}) ; nous avons promis {target}.",
			"product-yet": "À notre connaissance, {during} : {sli} de réussite ({events}) ; nous avons promis {target}.",
			"may-fail":    "Échecs encore possibles avant de rompre la promesse : {left}, soit {remaining} de ce qu’elle permet.",
			"over":        "Échecs au-delà de ce qu’elle permet : {over}.",
			"pace":        "Rythme des échecs {lookback} : {burn} fois ce que la promesse peut supporter.",
			"policy":      "Ce que nous avons convenu de faire maintenant : {policy}.",

			"engineer-verdict":   "{verdict}.",
			"engineer":           "SLI de {sli} pour un objectif de {target} {during} : {bad} en échec sur {total}, {limit} permis.",
			"budget":             "Budget d’erreur consommé : {consumed}.",
			"burn":               "Burn rate {lookback} : {burn}.",
			"coverage":           "Couverture : {coverage}.",
			"engineer-miss":      "Probabilité de manquer l’objectif : {miss}.",
			"engineer-exhausted": "Budget épuisé à ce rythme : {exhaustedAt}.",
			"engineer-recovers":  "Retour dans le budget sans nouvel échec : {recoversAt}.",

			"reason.miss":              "La rompre coûterait environ {cost} ; la probabilité en est de {miss}.",
			"reason.missed":            "La rompre coûte environ {cost}.",
			"reason.run-rate":          "Elle fait perdre environ {perHour} par heure en ce moment.",
			"reason.declared":          "Les incidents déclarés coûtent environ {amount}.",
			"reason.risks":             "Les risques déclarés coûtent environ {amount} sur cette durée.",
			"reason.credits":           "Il faut s’attendre à des avoirs d’environ {amount} pour les clients.",
			"reason.nothing":           "Rien n’est en jeu, à ce que l’on sait.",
			"reason.no-value":          "Elle n’a pas de place : personne n’a dit ce que vaut l’un de ces événements.",
			"reason.not-known":         "Elle n’a pas de place : on ne sait pas ce que coûtent ses échecs.",
			"reason.same-events":       "Elle n’a pas de place à elle : une promesse plus stricte sur les mêmes événements la représente.",
			"reason.unstable":          "Avec d’autres hypothèses, elle serait entre la place {best} et la place {worst}.",
			"finding.always-missed":    "Elle n’a été tenue sur aucune période passée : elle promet plus que ce qui est tenu.",
			"finding.unowned":          "Personne n’en répond.",
			"finding.overdue":          "Elle aurait dû être réexaminée le {date}.",
			"finding.stale-assumption": "L’hypothèse « {about} », sur laquelle reposent des montants, a expiré le {date}.",
			"finding.no-promise":       "Personne n’a écrit ce qui a été promis aux clients.",
			"finding.not-felt":         "L’indicateur ne varie pas avec ce que font les clients.",
			"finding.never-burned":     "Presque rien de ce qu’elle permet n’a jamais servi : elle exige peu.",
			"finding.unapproved":       "Personne ne l’a approuvée.",
			"finding.no-review":        "Personne n’a dit quand elle doit être réexaminée.",
			"felt.moves":               "Les clients le ressentent",
			"felt.wrongly":             "Les clients semblent s’en porter mieux quand cela va moins bien",
			"felt.does-not-move":       "L’indicateur ne varie pas avec ce que font les clients",
			"worth.pays":               "C’est rentable",
			"worth.pays-not":           "Ce n’est pas rentable",
			"worth.depends":            "Cela dépend des hypothèses",

			"why":                "il n’y a pas assez de données",
			"why.no-data":        "il n’y a pas de données sur la période",
			"why.low-coverage":   "les données ne couvrent que {coverage} de la période",
			"why.no-events":      "il ne s’est rien passé sur la période",
			"why.too-few-events": "il y a trop peu d’événements pour dire si l’objectif est atteint",
			"why.good-above-total": "il y a plus d’événements réussis que d’événements en tout ; " +
				"les deux requêtes ne comptent pas la même chose",
			"why.member-unknown": "une partie des promesses ne peut pas être jugée",
		},
	}
}
