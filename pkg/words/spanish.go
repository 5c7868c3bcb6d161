package words

func spanish() *Language {
	return &Language{
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		// A thousand million is no word of its own.
		scales: []scale{{1e6, nbsp + "millón", nbsp + "millones", 1.005}},
		money: moneyStyle{
			signs: signs, signAfter: true, after: nbsp,
			scales: []scale{{1e6, nbsp + "M", nbsp + "M", 1}},
		},
		of:  func(noun string) string { return " de " + noun },
		one: func(n float64) bool { return n == 1 },
		templates: map[string]string{
			"between":  "{base} (entre {low} y {high})",
			"date":     "{day} de {month} de {year}",
			"datetime": "{date}, {time} ({zone})",

			"during.day": "en el último día", "during.days": "en los últimos {n} días",
			"during.hour": "en la última hora", "during.hours": "en las últimas {n} horas",
			"during.minute": "en el último minuto", "during.minutes": "en los últimos {n} minutos",
			"for.day": "del último día", "for.days": "de los últimos {n} días",
			"for.hour": "de la última hora", "for.hours": "de las últimas {n} horas",
			"for.minute": "del último minuto", "for.minutes": "de los últimos {n} minutos",
			"since": "desde el {date}",

			"events": "solicitudes", "failed": "fallaron", "failed.one": "falló",
			"slices.one": "minutos", "slices": "intervalos de {n} minutos", "slices.failed": "fueron malos", "slices.failed.one": "fue malo",
			"allowed.by": "unos {allowed} hasta el {date}",
			"met":        "Cumplido", "at-risk": "Cumplido, pero en riesgo", "missed": "Incumplido", "cannot-tell-word": "No se puede saber",

			"not-evaluated":   "No se puede saber: no fue posible evaluarlo.",
			"no-data":         "No se puede saber: no hay datos {for}.",
			"cannot-tell":     "No se puede saber: {why}.",
			"cannot-tell-yet": "No se puede saber: {why}. Por lo que sabemos, {during}, de {totalEvents}, {bad} {failed}; nuestra promesa del {target} permite {allowed}.",
			"verdict":         "{verdict} {during}: de {totalEvents}, {bad} {failed}; nuestra promesa del {target} permite {allowed}.",
			"left":            "Queda el {remaining} de los fallos que permite.",
			"times-as-many":   "Es {times} veces lo que permite.",
			"cost":            "Estos fallos costaron unos {loss}.",
			"cost-more":       "Estos fallos costaron unos {loss}, {excess} más de lo que la promesa acepta.",
			"customers":       "Clientes afectados: unos {customers}.",
			"missing":         "La demanda que no llegó habría valido unos {missing}; es una estimación y se suma a lo anterior.",
			"declared":        "Incidentes declarados que ningún contador muestra: {declared}, con un coste de unos {declaredCost}.",
			"miss":            "La probabilidad de que la promesa se incumpla es del {miss}.",
			"exhausted":       "Si sigue así, a partir del {exhausted} no quedará nada de lo que permite.",
			"recovers":        "Si no falla nada más, volverá a cumplirse a partir del {recovers}.",

			"product":     "{verdict} {during}: el {sli} de las operaciones ({events}) salió bien; prometimos el {target}.",
			"product-yet": "Por lo que sabemos, {during}, el {sli} de las operaciones ({events}) salió bien; prometimos el {target}.",
			"may-fail":    "Fallos que aún caben antes de incumplir la promesa: {left}, el {remaining} de lo que permite.",
			"over":        "Fallos por encima de lo que permite: {over}.",
			"pace":        "Ritmo de los fallos {lookback}: {burn} veces lo que la promesa soporta.",
			"policy":      "Lo que acordamos hacer ahora: {policy}.",

			"engineer-verdict":   "{verdict}.",
			"engineer":           "SLI del {sli} con un objetivo del {target} {during}: {bad} malas de {total}, {limit} permitidas.",
			"budget":             "Presupuesto de error consumido: {consumed}.",
			"burn":               "Burn rate {lookback}: {burn}.",
			"coverage":           "Cobertura: {coverage}.",
			"engineer-miss":      "Probabilidad de no alcanzar el objetivo: {miss}.",
			"engineer-exhausted": "Presupuesto agotado a este ritmo: {exhaustedAt}.",
			"engineer-recovers":  "De vuelta en el presupuesto sin más fallos: {recoversAt}.",

			"why":                "no hay datos suficientes",
			"why.no-data":        "no hay datos en el periodo",
			"why.low-coverage":   "los datos cubren solo el {coverage} del periodo",
			"why.no-events":      "no ocurrió nada en el periodo",
			"why.too-few-events": "hay muy pocos eventos para decir si se cumple el objetivo",
			"why.good-above-total": "hay más eventos buenos que eventos en total; " +
				"las dos consultas no cuentan lo mismo",
			"why.member-unknown": "una parte de las promesas no se puede juzgar",
		},
	}
}
