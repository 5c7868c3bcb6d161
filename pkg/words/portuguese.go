package words

// portuguese is that of Brazil, as CLDR has it for a tag without a country.
func portuguese() *Language {
	return &Language{
		months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		scales: []scale{{1e9, nbsp + "bilhão", nbsp + "bilhões", 2}, {1e6, nbsp + "milhão", nbsp + "milhões", 2}},
		money:  moneyStyle{signs: signs, before: nbsp},
		of:     func(noun string) string { return " de " + noun },
		one:    func(n float64) bool { return n == 1 },
		templates: map[string]string{
			"between":    "{base} (entre {low} e {high})",
			"date":       "{day} de {month} de {year}",
			"date.first": "1º de {month} de {year}",
			"datetime":   "{date}, {time} ({zone})",

			"during.day": "no último dia", "during.days": "nos últimos {n} dias",
			"during.hour": "na última hora", "during.hours": "nas últimas {n} horas",
			"during.minute": "no último minuto", "during.minutes": "nos últimos {n} minutos",
			"for.day": "do último dia", "for.days": "dos últimos {n} dias",
			"for.hour": "da última hora", "for.hours": "das últimas {n} horas",
			"for.minute": "do último minuto", "for.minutes": "dos últimos {n} minutos",
			"since": "desde {date}",

			"events": "solicitações", "failed": "falharam", "failed.one": "falhou",
			"slices.one": "minutos", "slices": "intervalos de {n} minutos", "slices.failed": "foram ruins", "slices.failed.one": "foi ruim",
			"allowed.by": "cerca de {allowed} até {date}",
			"met":        "Cumprido", "at-risk": "Cumprido, mas em risco", "missed": "Descumprido", "cannot-tell-word": "Não é possível dizer",

			"not-evaluated":   "Não é possível dizer: não foi possível avaliar.",
			"no-data":         "Não é possível dizer: não há dados {for}.",
			"cannot-tell":     "Não é possível dizer: {why}.",
			"cannot-tell-yet": "Não é possível dizer: {why}. Até onde sabemos, {during}, de {totalEvents}, {bad} {failed}; nossa promessa de {target} permite {allowed}.",
			"verdict":         "{verdict} {during}: de {totalEvents}, {bad} {failed}; nossa promessa de {target} permite {allowed}.",
			"left":            "Ainda restam {remaining} das falhas que ela permite.",
			"times-as-many":   "Isso é {times} vezes o que ela permite.",
			"cost":            "Essas falhas custaram cerca de {loss}.",
			"cost-more":       "Essas falhas custaram cerca de {loss}, {excess} a mais do que a promessa aceita.",
			"customers":       "Clientes afetados: cerca de {customers}.",
			"missing":         "A demanda que não veio teria valido cerca de {missing}; isso é uma estimativa e se soma ao resto.",
			"declared":        "Incidentes declarados que nenhum contador mostra: {declared}, com custo de cerca de {declaredCost}.",
			"miss":            "A probabilidade de a promessa ser descumprida é de {miss}.",
			"exhausted":       "Se continuar assim, a partir de {exhausted} não restará nada do que ela permite.",
			"recovers":        "Se nada mais falhar, ela volta a ser cumprida a partir de {recovers}.",

			"product":     "{verdict} {during}: {sli} das operações ({events}) deram certo; prometemos {target}.",
			"product-yet": "Até onde sabemos, {during}, {sli} das operações ({events}) deram certo; prometemos {target}.",
			"may-fail":    "Falhas que ainda cabem antes de descumprir a promessa: {left}, {remaining} do que ela permite.",
			"over":        "Falhas acima do que ela permite: {over}.",
			"pace":        "Ritmo das falhas {lookback}: {burn} vezes o que a promessa suporta.",
			"policy":      "O que combinamos fazer agora: {policy}.",

			"engineer-verdict":   "{verdict}.",
			"engineer":           "SLI de {sli} para uma meta de {target} {during}: {bad} ruins de {total}, {limit} permitidas.",
			"budget":             "Orçamento de erros consumido: {consumed}.",
			"burn":               "Burn rate {lookback}: {burn}.",
			"coverage":           "Cobertura: {coverage}.",
			"engineer-miss":      "Probabilidade de não atingir a meta: {miss}.",
			"engineer-exhausted": "Orçamento esgotado neste ritmo: {exhaustedAt}.",
			"engineer-recovers":  "De volta ao orçamento sem novas falhas: {recoversAt}.",

			"why":                "não há dados suficientes",
			"why.no-data":        "não há dados no período",
			"why.low-coverage":   "os dados cobrem apenas {coverage} do período",
			"why.no-events":      "não aconteceu nada no período",
			"why.too-few-events": "há poucos eventos para dizer se a meta é atingida",
			"why.good-above-total": "há mais eventos bons do que eventos no total; " +
				"as duas consultas não contam a mesma coisa",
			"why.member-unknown": "parte das promessas não pode ser julgada",
		},
	}
}
