package words

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/impact"
	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

func in(t *testing.T, tag string) *Language {
	t.Helper()
	l, err := In(tag)
	require.NoError(t, err)
	return l
}

// plain shows spaces that do not break as others.
func plain(text string) string { return strings.ReplaceAll(text, nbsp, " ") }

func each(t *testing.T, of func(*Language) string, want map[string]string) {
	t.Helper()
	require.Len(t, want, len(Tags()))
	for tag, text := range want {
		require.Equal(t, text, plain(of(in(t, tag))), tag)
	}
}

func TestALanguageIsNamedByItsTag(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "en-US": "en", "de": "de", "pt-BR": "pt", "fr_CA": "fr", "JA": "ja"} {
		require.Equal(t, want, in(t, tag).Tag(), tag)
	}
	_, err := In("tlh")
	require.EqualError(t, err, `language "tlh" is not spoken here; expected one of en, de, fr, es, pt, ja`)
}

func TestCountsHaveThreeFiguresWhereTheyAreLarge(t *testing.T) {
	each(t, func(l *Language) string { return l.Count(9876.4) }, map[string]string{
		"en": "9,876", "de": "9.876", "fr": "9 876", "es": "9.876", "pt": "9.876", "ja": "9,876",
	})
	each(t, func(l *Language) string { return l.Count(123_456) }, map[string]string{
		"en": "123,000", "de": "123.000", "fr": "123 000", "es": "123.000", "pt": "123.000", "ja": "123,000",
	})
	each(t, func(l *Language) string { return l.Count(1_234_567) }, map[string]string{
		"en": "1.23 million", "de": "1,23 Mio.", "fr": "1,23 million", "es": "1,23 millones", "pt": "1,23 milhão", "ja": "123万",
	})
	each(t, func(l *Language) string { return l.Count(1e6) }, map[string]string{
		"en": "1 million", "de": "1 Mio.", "fr": "1 million", "es": "1 millón", "pt": "1 milhão", "ja": "100万",
	})
	each(t, func(l *Language) string { return l.Count(4.56e9) }, map[string]string{
		"en": "4.56 billion", "de": "4,56 Mrd.", "fr": "4,56 milliards", "es": "4.560 millones", "pt": "4,56 bilhões", "ja": "45.6億",
	})
	en := in(t, "en")
	require.Equal(t, "999,000", en.Count(999_499))
	require.Equal(t, "1 million", en.Count(999_500), "it rounds up to a million")
	require.Equal(t, "-12", en.Count(-12))
}

// French and its neighbours need a word between a million and what it counts.
func TestALargeNumberIsJoinedToWhatItCounts(t *testing.T) {
	check := func(want, tag string, n float64, things string) {
		t.Helper()
		require.Equal(t, want, plain(in(t, tag).CountOf(n, things)))
	}
	check("2,5 millions de requêtes", "fr", 2.5e6, "requêtes")
	check("2,5 millions d’événements", "fr", 2.5e6, "événements")
	check("250 requêtes", "fr", 250, "requêtes")
	check("2,5 millones de solicitudes", "es", 2.5e6, "solicitudes")
	check("2,5 milhões de pedidos", "pt", 2.5e6, "pedidos")
	check("2,5 Mio. Anfragen", "de", 2.5e6, "Anfragen")
	check("2.5 million requests", "en", 2.5e6, "requests")
}

func TestMoneyHasTwoFiguresAndItsSignWhereItBelongs(t *testing.T) {
	each(t, func(l *Language) string { return l.Money(1234, "EUR") }, map[string]string{
		"en": "€1,200", "de": "1.200 €", "fr": "1 200 €", "es": "1.200 €", "pt": "€ 1.200", "ja": "1,200ユーロ",
	})
	each(t, func(l *Language) string { return l.Money(1_250_001, "EUR") }, map[string]string{
		"en": "€1.3 million", "de": "1,3 Mio. €", "fr": "1,3 M€", "es": "1,3 M€", "pt": "€ 1,3 milhão", "ja": "130万ユーロ",
	})
	each(t, func(l *Language) string { return l.Money(5.125, "USD") }, map[string]string{
		"en": "$5.10", "de": "5,10 $", "fr": "5,10 $", "es": "5,10 $", "pt": "$ 5,10", "ja": "5.10ドル",
	})
	each(t, func(l *Language) string { return l.Money(47, "CHF") }, map[string]string{
		"en": "CHF 47", "de": "47 CHF", "fr": "47 CHF", "es": "47 CHF", "pt": "CHF 47", "ja": "47 CHF",
	})
	each(t, func(l *Language) string { return l.Money(5.4, "JPY") }, map[string]string{ // a yen has no parts
		"en": "¥5", "de": "5 ¥", "fr": "5 ¥", "es": "5 ¥", "pt": "¥ 5", "ja": "5円",
	})
	require.Equal(t, "1,200", in(t, "en").Money(1234, ""), "nobody named a currency")
	require.Equal(t, "CHF 47", in(t, "en").Money(47, "CHF"), "with a space as any other")
	require.Equal(t, "47"+nbsp+"CHF", in(t, "de").Money(47, "CHF"))
	require.Equal(t, "R$ 2,5 milhões", plain(in(t, "pt").Money(2_490_000, "BRL")))
	require.Equal(t, "1.2億円", in(t, "ja").Money(123_000_000, "JPY"))
}

func TestARangeNamesBothEnds(t *testing.T) {
	r := impact.Range{Low: 880, Base: 1234, High: 2049}
	each(t, func(l *Language) string { return l.MoneyRange(r, "EUR") }, map[string]string{
		"en": "€1,200 (between €880 and €2,000)", "de": "1.200 € (zwischen 880 € und 2.000 €)",
		"fr": "1 200 € (entre 880 € et 2 000 €)", "es": "1.200 € (entre 880 € y 2.000 €)",
		"pt": "€ 1.200 (entre € 880 e € 2.000)", "ja": "1,200ユーロ（880ユーロ〜2,000ユーロ）",
	})
	require.Equal(t, "€1,200", in(t, "en").MoneyRange(impact.Range{Low: 1190, Base: 1200, High: 1201}, "EUR"), "ends that read alike say nothing")
	require.Equal(t, "€1,200 (between €1,200 and €2,000)", in(t, "en").MoneyRange(impact.Range{Low: 1200, Base: 1200, High: 2000}, "EUR"))
}

func TestPercentagesAreRoundedDown(t *testing.T) {
	each(t, func(l *Language) string { return l.Percent(0.99996, 2) }, map[string]string{
		"en": "99.99%", "de": "99,99 %", "fr": "99,99 %", "es": "99,99 %", "pt": "99,99%", "ja": "99.99%",
	})
	en := in(t, "en")
	require.Equal(t, "99.95%", en.Target(0.9995))
	require.Equal(t, "-50%", en.Share(-0.5))
	for ratio, text := range map[float64]string{0: "< 1%", 0.0049: "< 1%", 0.005: "1%", 0.5: "50%", 0.9949: "99%", 0.995: "> 99%", 1: "> 99%"} {
		require.Equal(t, text, en.Chance(ratio))
	}
}

func TestDatesNameTheMonth(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	late := time.Date(2026, time.February, 28, 23, 30, 0, 0, time.UTC) // 1 March in Berlin
	each(t, func(l *Language) string { return l.DateTime(late, berlin) }, map[string]string{
		"en": "1 March 2026, 00:30 CET", "de": "1. März 2026, 00:30 Uhr CET", "fr": "1er mars 2026 à 00:30 (CET)",
		"es": "1 de marzo de 2026, 00:30 (CET)", "pt": "1º de março de 2026, 00:30 (CET)", "ja": "2026年3月1日 00:30（CET）",
	})
	each(t, func(l *Language) string { return l.Date(late, time.UTC) }, map[string]string{
		"en": "28 February 2026", "de": "28. Februar 2026", "fr": "28 février 2026",
		"es": "28 de febrero de 2026", "pt": "28 de fevereiro de 2026", "ja": "2026年2月28日",
	})
}

// facts are 150 failures of 100,000 orders where 99.9 % allow 100.
func facts(bad float64) Facts {
	counts := slo.Counts{Good: 100_000 - bad, Total: 100_000}
	r := slo.Report{
		Target: 0.999, Counts: counts, Allowed: 100, Measured: true, Coverage: 0.9987,
		SLI: counts.SLI(), BudgetConsumed: slo.Known(bad / 100), BudgetRemaining: slo.Known(1 - bad/100), BurnRate: slo.Known(1.4),
		Status: slo.Met,
	}
	if bad > 100 {
		r.Status = slo.Missed
	}
	return Facts{Report: r, Window: 28 * 24 * time.Hour, Lookback: time.Hour, Currency: "EUR"}
}

func TestExecutivesHearWhetherAPromiseWasKept(t *testing.T) {
	each(t, func(l *Language) string { return l.Executive(facts(30)).String() }, map[string]string{
		"en": "Kept: in the last 28 days, 30 of 100,000 requests failed; our promise of 99.9% allows 100. 70% of the failures that it allows are left.",
		"de": "Eingehalten in den letzten 28 Tagen: 30 von 100.000 Anfragen sind fehlgeschlagen; unser Versprechen von 99,9 % erlaubt 100. Von den erlaubten Fehlern sind noch 70 % übrig.",
		"fr": "Promesse tenue sur les 28 derniers jours : sur 100 000 requêtes, 30 ont échoué ; notre promesse de 99,9 % en permet 100. Il reste 70 % des échecs qu’elle permet.",
		"es": "Cumplido en los últimos 28 días: de 100.000 solicitudes, 30 fallaron; nuestra promesa del 99,9 % permite 100. Queda el 70 % de los fallos que permite.",
		"pt": "Cumprido nos últimos 28 dias: de 100.000 solicitações, 30 falharam; nossa promessa de 99,9% permite 100. Ainda restam 70% das falhas que ela permite.",
		"ja": "達成：直近28日間のリクエスト100,000件のうち30件が失敗しました。99.9%という約束で許される失敗は100件です。許される失敗の70%が残っています。",
	})
}

// Agreements that choose no words of their own say requests and failed.
func TestCommonWordsAreTranslated(t *testing.T) {
	for _, tag := range Tags() {
		f := facts(30)
		want := in(t, tag).Executive(f).String()
		f.Events, f.FailedWord = "requests", "failed"
		require.Equal(t, want, in(t, tag).Executive(f).String())
	}
}

func TestExecutivesHearWhatAMissCost(t *testing.T) {
	f := facts(150)
	f.Events, f.FailedWord = "orders", "did not go through"
	f.Loss = impact.Loss{Gross: impact.Range{Low: 1800, Base: 4500, High: 9000}, Excess: impact.Range{Low: 0, Base: 1500, High: 3000}}
	f.Priced = true
	f.Customers, f.CustomersKnown = impact.Range{Low: 90, Base: 140, High: 150}, true
	f.Missing, f.MissingKnown = impact.Range{Low: 0, Base: 800, High: 2100}, true
	f.Declared, f.DeclaredCost = 1, impact.Exactly(20_000)
	f.Recovers = time.Date(2026, time.March, 9, 8, 0, 0, 0, time.UTC)
	f.Miss, f.Exhausted = slo.Known(1), f.Recovers // of no use where it is missed already
	require.Equal(t, "Missed: in the last 28 days, 150 of 100,000 orders did not go through; our promise of 99.9% allows 100. "+
		"That is 1.5 times as many as it allows. These failures cost about €4,500 (between €1,800 and €9,000), €1,500 more than the promise accepts. "+
		"Customers affected: about 140 (between 90 and 150). "+
		"Demand that stayed away would have been worth about €800 (between €0.00 and €2,100); that is an estimate and comes on top. "+
		"Declared incidents that no counter shows: 1, at a cost of about €20,000. "+
		"If nothing more fails, it is kept again from 9 March 2026 on.", in(t, "en").Executive(f).String())
	require.Equal(t, "未達：直近28日間の注文100,000件のうち150件が失敗しました。99.9%という約束で許される失敗は100件です。これは許される数の1.5倍です。"+
		"これらの失敗による損失は約4,500ユーロ（1,800ユーロ〜9,000ユーロ）で、約束で許容した額を1,500ユーロ上回ります。"+
		"影響を受けたお客様は約140（90〜150）人です。このほか、障害のために失われた需要は約800ユーロ（0.00ユーロ〜2,100ユーロ）と推定されます。"+
		"計測に現れない申告済みのインシデントは1件で、費用は約20,000ユーロです。これ以上失敗がなければ、2026年3月9日以降は再び約束を守れます。",
		in(t, "ja").Executive(func() Facts { g := f; g.Events, g.FailedWord = "注文", ""; return g }()).String())
}

// What is zero or unknown is not spoken of.
func TestNothingIsSaidOfWhatIsNotKnown(t *testing.T) {
	f := facts(30)
	want := in(t, "en").Executive(f).String()
	f.Loss = impact.Loss{Gross: impact.Exactly(5)} // of which nobody says that it is known
	f.Customers, f.Missing = impact.Exactly(5), impact.Exactly(5)
	require.Equal(t, want, in(t, "en").Executive(f).String())
	f.Loss, f.Customers, f.Missing = impact.Loss{}, impact.Range{}, impact.Range{}
	f.Priced, f.CustomersKnown, f.MissingKnown = true, true, true
	require.Equal(t, want, in(t, "en").Executive(f).String())
}

func TestWindowsAreNamedInTheLargestUnit(t *testing.T) {
	for length, want := range map[time.Duration]string{
		90 * time.Minute: "in the last 90 minutes", time.Minute: "in the last minute", time.Hour: "in the last hour",
		36 * time.Hour: "in the last 36 hours", 24 * time.Hour: "in the last day", 28 * 24 * time.Hour: "in the last 28 days",
	} {
		f := facts(30)
		f.Window = length
		require.Contains(t, in(t, "en").Executive(f).String(), want+",")
	}
}

// One failure takes the singular where a language has one.
func TestOneFailureIsSpokenOfAsOne(t *testing.T) {
	each(t, func(l *Language) string {
		f := facts(1)
		f.Since = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
		return l.Executive(f)[0].Text
	}, map[string]string{
		"en": "Kept: since 1 March 2026, 1 of 100,000 requests failed; our promise of 99.9% allows 100.",
		"de": "Eingehalten seit dem 1. März 2026: 1 von 100.000 Anfragen ist fehlgeschlagen; unser Versprechen von 99,9 % erlaubt 100.",
		"fr": "Promesse tenue depuis le 1er mars 2026 : sur 100 000 requêtes, 1 a échoué ; notre promesse de 99,9 % en permet 100.",
		"es": "Cumplido desde el 1 de marzo de 2026: de 100.000 solicitudes, 1 falló; nuestra promesa del 99,9 % permite 100.",
		"pt": "Cumprido desde 1º de março de 2026: de 100.000 solicitações, 1 falhou; nossa promessa de 99,9% permite 100.",
		"ja": "達成：2026年3月1日以降のリクエスト100,000件のうち1件が失敗しました。99.9%という約束で許される失敗は100件です。",
	})
}

// March is not over: its budget is that of what is expected by its end.
func TestACalendarWindowNamesItsDays(t *testing.T) {
	each(t, func(l *Language) string {
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		f := facts(30)
		f.Window, f.Zone = 0, berlin
		f.Report.From = time.Date(2026, time.March, 1, 0, 0, 0, 0, berlin)
		f.Report.To = time.Date(2026, time.March, 20, 0, 0, 0, 0, berlin)
		f.Report.End = time.Date(2026, time.April, 1, 0, 0, 0, 0, berlin)
		return l.Executive(f)[0].Text
	}, map[string]string{
		"en": "Kept: since 1 March 2026, 30 of 100,000 requests failed; our promise of 99.9% allows about 100 by 31 March 2026.",
		"de": "Eingehalten seit dem 1. März 2026: 30 von 100.000 Anfragen sind fehlgeschlagen; unser Versprechen von 99,9 % erlaubt etwa 100 bis zum 31. März 2026.",
		"fr": "Promesse tenue depuis le 1er mars 2026 : sur 100 000 requêtes, 30 ont échoué ; notre promesse de 99,9 % en permet environ 100 jusqu’au 31 mars 2026.",
		"es": "Cumplido desde el 1 de marzo de 2026: de 100.000 solicitudes, 30 fallaron; nuestra promesa del 99,9 % permite unos 100 hasta el 31 de marzo de 2026.",
		"pt": "Cumprido desde 1º de março de 2026: de 100.000 solicitações, 30 falharam; nossa promessa de 99,9% permite cerca de 100 até 31 de março de 2026.",
		"ja": "達成：2026年3月1日以降のリクエスト100,000件のうち30件が失敗しました。99.9%という約束で許される失敗は2026年3月31日までに約100件です。",
	})
}

// A month that is over allows what it allowed.
func TestACalendarWindowThatIsOverNamesNoEnd(t *testing.T) {
	f := facts(30)
	f.Window = 0
	f.Report.From = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	f.Report.To = time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	f.Report.End = f.Report.To
	require.Equal(t, "Kept: since 1 March 2026, 30 of 100,000 requests failed; our promise of 99.9% allows 100.", in(t, "en").Executive(f)[0].Text)
}

// A target that is a share of time speaks of time, whatever the agreement calls its events.
func TestSlicesOfTimeAreSpokenOfAsSuch(t *testing.T) {
	f := facts(30)
	f.Events, f.FailedWord = "orders", "did not go through"
	f.Report.Method, f.Slice = slo.Timeslices, 5*time.Minute
	each(t, func(l *Language) string { return strings.Split(l.Executive(f)[0].Text, ";")[0] }, map[string]string{
		"en": "Kept: in the last 28 days, 30 of 100,000 intervals of 5 minutes were bad",
		"de": "Eingehalten in den letzten 28 Tagen: 30 von 100.000 Abschnitten von 5 Minuten waren schlecht",
		"fr": "Promesse tenue sur les 28 derniers jours : sur 100 000 intervalles de 5 minutes, 30 n’ont pas tenu ",
		"es": "Cumplido en los últimos 28 días: de 100.000 intervalos de 5 minutos, 30 fueron malos",
		"pt": "Cumprido nos últimos 28 dias: de 100.000 intervalos de 5 minutos, 30 foram ruins",
		"ja": "達成：直近28日間の5分間の区間100,000件のうち30件が基準を満たしませんでした。99.9%という約束で許される失敗は100件です。",
	})
	f.Slice = time.Minute
	require.Contains(t, in(t, "en").Executive(f).String(), "30 of 100,000 minutes were bad")
}

func TestProductPeopleHearHowMuchRoomIsLeft(t *testing.T) {
	f := facts(80)
	f.Report.Status = slo.AtRisk
	f.Miss, f.Exhausted = slo.Known(0.35), time.Date(2026, time.March, 9, 8, 0, 0, 0, time.UTC)
	f.Policy = "no risky releases"
	require.Equal(t, "Kept, but at risk: in the last 28 days, 99.92% of requests were good; we promised 99.9%. "+
		"20 more may fail before the promise is missed: 20% of what it allows. Failures in the last hour came 1.4 times as fast as the promise can bear. "+
		"The probability that the promise will be missed is 35%. If this goes on, nothing that it allows is left from 9 March 2026 on. "+
		"What we agreed to do now: no risky releases.", in(t, "en").Product(f).String())
	require.Equal(t, "Eingehalten, aber gefährdet in den letzten 28 Tagen: Von den Anfragen waren 99,92 % gut; versprochen sind 99,9 %. "+
		"Weitere 20 dürfen fehlschlagen, bevor das Versprechen verfehlt ist: 20 % dessen, was es erlaubt. Fehler kamen in der letzten Stunde 1,4-mal so schnell, wie das Versprechen es verträgt. "+
		"Die Wahrscheinlichkeit, dass das Versprechen nicht eingehalten wird, liegt bei 35 %. Geht es so weiter, ist ab dem 9. März 2026 nichts mehr übrig, was es erlaubt. "+
		"Was für jetzt vereinbart ist: no risky releases.", plain(in(t, "de").Product(f).String()))
	require.Contains(t, in(t, "en").Product(facts(150)).String(), " 50 more failed than it allows.")
}

func TestEngineersHearTheFigures(t *testing.T) {
	f := facts(150)
	f.Recovers = time.Date(2026, time.March, 9, 8, 0, 0, 0, time.UTC)
	f.Miss = slo.Known(0.97)
	require.Equal(t, "Missed. SLI 99.85% against a target of 99.9% in the last 28 days: 150 bad of 100,000, 100 allowed. Error budget consumed: 150%. "+
		"Burn rate in the last hour: 1.4. Coverage: 99.8%. Probability of a miss: 97%. Back within budget without further failures: 9 March 2026, 08:00 UTC.",
		in(t, "en").Engineer(f).String())
	require.Equal(t, "Promesse non tenue. SLI de 99,85 % pour un objectif de 99,9 % sur les 28 derniers jours : 150 en échec sur 100 000, 100 permis. Budget d’erreur consommé : 150 %. "+
		"Burn rate sur la dernière heure : 1,4. Couverture : 99,8 %. Probabilité de manquer l’objectif : 97 %. Retour dans le budget sans nouvel échec : 9 mars 2026 à 08:00 (UTC).",
		plain(in(t, "fr").Engineer(f).String()))
}

// Whoever hears it, missing data is no verdict.
func TestNotEnoughDataIsSaidToEverybody(t *testing.T) {
	check := func(change func(*Facts), want map[string]string) {
		t.Helper()
		f := facts(30)
		f.Report.Status = slo.CannotTell
		change(&f)
		for _, speak := range []func(*Language, Facts) Statement{(*Language).Executive, (*Language).Product, (*Language).Engineer} {
			for tag, text := range want {
				said := plain(speak(in(t, tag), f).String())
				require.True(t, strings.HasPrefix(said, text), "%s\n%s", text, said)
			}
		}
	}
	check(func(f *Facts) { f.Failed = true }, map[string]string{
		"en": "Cannot tell: this could not be evaluated.", "ja": "判断できません：評価を行えませんでした。",
	})
	check(func(f *Facts) { f.Report.Measured = false }, map[string]string{
		"en": "Cannot tell: there is no data for the last 28 days.", "de": "Keine Aussage möglich: Es gibt keine Daten für die letzten 28 Tage.",
		"es": "No se puede saber: no hay datos de los últimos 28 días.", "pt": "Não é possível dizer: não há dados dos últimos 28 dias.",
	})
	check(func(f *Facts) {
		f.Report.SLI = slo.Number{}
		f.Report.Warnings = []slo.Warning{{Kind: slo.NoEvents, Text: "no events in the window"}}
	}, map[string]string{
		"en": "Cannot tell: no events in the window.", "fr": "Impossible à dire : il ne s’est rien passé sur la période.",
	})
	f := facts(30)
	f.Report.Status, f.Report.SLI = slo.CannotTell, slo.Number{}
	require.Equal(t, "Cannot tell: there is not enough data.", in(t, "en").Executive(f).String(), "and nothing more")
	check(func(f *Facts) { f.Report.SLI = slo.Number{} }, map[string]string{"en": "Cannot tell: there is not enough data."})
	check(func(f *Facts) {
		f.Report.Coverage = 0.5
		f.Report.Warnings = []slo.Warning{{Kind: slo.LowCoverage, Text: "data for only 50 % of the window; a verdict needs 90 %"}}
	}, map[string]string{
		"en": "Cannot tell: data for only 50 % of the window; a verdict needs 90 %. ",
		"de": "Keine Aussage möglich: nur 50 % des Zeitraums sind durch Daten abgedeckt. ",
		"ja": "判断できません：データは期間の50%しかありません。",
	})
	check(func(f *Facts) { f.Report.Warnings = []slo.Warning{{Kind: "new", Text: "a new reason"}} }, map[string]string{
		"de": "Keine Aussage möglich: a new reason.", // better in another language than not at all
	})
}

// What was declared is known whatever the counters show.
func TestDeclaredIncidentsAreSaidWithoutData(t *testing.T) {
	f := Facts{Declared: 2, DeclaredCost: impact.Exactly(9000), Currency: "EUR", Window: 24 * time.Hour, Zone: time.UTC}
	const declared = "Declared incidents that no counter shows: 2, at a cost of about €9,000."
	l := in(t, "en")
	require.Equal(t, "Cannot tell: there is no data for the last day. "+declared, l.Executive(f).String())
	require.Equal(t, "Cannot tell: there is no data for the last day. "+declared, l.Product(f).String())
	f.Failed = true
	require.Equal(t, "Cannot tell: this could not be evaluated. "+declared, l.Executive(f).String())
}

func TestAPlaceAmongPrioritiesHasAReason(t *testing.T) {
	p := impact.Priority{
		Need: impact.Need{
			Currency: "EUR", Miss: slo.Known(0.4), PerHour: impact.Exactly(150),
			Excess: impact.Range{Low: 1500, Base: 2500, High: 3500},
		},
		Cause: impact.ByMiss, Amount: impact.Exactly(7000), Place: 2, PlaceLow: 4, PlaceHigh: 1, Stable: true,
	}
	each(t, func(l *Language) string { return l.Reason(p) }, map[string]string{
		"en": "Missing it would cost about €2,500 (between €1,500 and €3,500); the probability of that is 40%.",
		"de": "Es zu verfehlen würde etwa 2.500 € (zwischen 1.500 € und 3.500 €) kosten; die Wahrscheinlichkeit dafür liegt bei 40 %.",
		"fr": "La rompre coûterait environ 2 500 € (entre 1 500 € et 3 500 €) ; la probabilité en est de 40 %.",
		"es": "Incumplirlo costaría unos 2.500 € (entre 1.500 € y 3.500 €); la probabilidad de ello es del 40 %.",
		"pt": "Descumpri-lo custaria cerca de € 2.500 (entre € 1.500 e € 3.500); a probabilidade disso é de 40%.",
		"ja": "約束を守れない場合の費用は約2,500ユーロ（1,500ユーロ〜3,500ユーロ）で、その確率は40%です。",
	})
	p.Miss = slo.Known(1)
	require.Equal(t, "Missing it costs about €2,500 (between €1,500 and €3,500).", in(t, "en").Reason(p))
	for cause, want := range map[impact.Cause]string{
		impact.ByRunRate: "It is losing about €150 an hour now.", impact.ByCredits: "Credits to customers of about €7,000 are to be expected.", impact.ByDeclared: "Declared incidents cost about €7,000.",
		impact.ByRisks: "Declared risks cost about €7,000 in this time.", impact.ByNothing: "Nothing is at stake that anybody knows of.",
	} {
		p.Cause, p.Stable = cause, false
		require.Equal(t, want+" By other assumptions it would stand between place 1 and place 4.", in(t, "en").Reason(p))
	}
}

func TestPromisesWithoutAPlaceSayWhy(t *testing.T) {
	for _, why := range []Unranked{NoValue, NotKnown, SameEvents} {
		seen := map[string]bool{}
		for _, tag := range Tags() {
			seen[in(t, tag).Unranked(why)] = true
		}
		require.Len(t, seen, len(Tags()), why)
	}
	require.Equal(t, "It has no place: nobody said what one of these events is worth.", in(t, "en").Unranked(NoValue))
}

func TestFindingsAreSaidInAllLanguages(t *testing.T) {
	stale := impact.Finding{Kind: impact.StaleAssumption, About: "order value", Since: time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)}
	each(t, func(l *Language) string { return l.Finding(stale, time.UTC) }, map[string]string{
		"en": "The assumption “order value”, which money rests on, expired on 1 March 2026.",
		"de": "Die Annahme „order value“, auf der Beträge beruhen, ist am 1. März 2026 abgelaufen.",
		"fr": "L’hypothèse « order value », sur laquelle reposent des montants, a expiré le 1er mars 2026.",
		"es": "El supuesto «order value», en el que se basan importes, venció el 1 de marzo de 2026.",
		"pt": "A premissa “order value”, na qual se baseiam valores, venceu em 1º de março de 2026.",
		"ja": "金額の根拠である前提「order value」は2026年3月1日に期限が切れています。",
	})
	for _, kind := range []impact.FindingKind{
		impact.AlwaysMissed, impact.Unowned, impact.Overdue, impact.NoPromise, impact.NotFelt, impact.NeverBurned, impact.Unapproved, impact.NoReview,
	} {
		seen := map[string]bool{}
		for _, tag := range Tags() {
			seen[in(t, tag).Finding(impact.Finding{Kind: kind}, time.UTC)] = true
		}
		require.Len(t, seen, len(Tags()), kind)
	}
}

func TestWhetherCustomersFeelItIsSaidInAllLanguages(t *testing.T) {
	felt := func(f impact.Felt, higher bool) func(*Language) string {
		return func(l *Language) string { return l.Felt(f, higher) }
	}
	moves := impact.Felt{Feeling: impact.Moves, Correlation: slo.Known(0.8)}
	each(t, felt(moves, true), map[string]string{
		"en": "Customers feel it", "de": "Kunden spüren es", "fr": "Les clients le ressentent",
		"es": "Los clientes lo notan", "pt": "Os clientes sentem", "ja": "お客様に影響が表れています",
	})
	each(t, felt(moves, false), map[string]string{ // contacts rise while the indicator does
		"en": "Customers seem better off when it is worse",
		"de": "Kunden scheint es besser zu gehen, wenn es schlechter läuft",
		"fr": "Les clients semblent s’en porter mieux quand cela va moins bien",
		"es": "A los clientes parece irles mejor cuando el indicador empeora",
		"pt": "Os clientes parecem estar melhor quando o indicador piora",
		"ja": "この指標が悪いときのほうが、お客様の状況が良いように見えます",
	})
	each(t, felt(impact.Felt{Feeling: impact.DoesNotMove}, true), map[string]string{
		"en": "It does not move with what customers do", "de": "Es hängt nicht mit dem zusammen, was Kunden tun",
		"fr": "L’indicateur ne varie pas avec ce que font les clients", "es": "El indicador no varía con lo que hacen los clientes",
		"pt": "O indicador não varia com o que os clientes fazem", "ja": "この指標は、お客様の行動と連動していません",
	})
	require.Equal(t, "Keine Aussage möglich", in(t, "de").Felt(impact.Felt{Feeling: impact.Unclear}, true))
}

func TestWhetherItPaysIsSaidInAllLanguages(t *testing.T) {
	worth := func(w impact.Worth) func(*Language) string {
		return func(l *Language) string { return l.Worth(w) }
	}
	each(t, worth(impact.Pays), map[string]string{
		"en": "Pays", "de": "Lohnt sich", "fr": "C’est rentable", "es": "Compensa", "pt": "Compensa", "ja": "見合います",
	})
	each(t, worth(impact.PaysNot), map[string]string{
		"en": "Does not pay", "de": "Lohnt sich nicht", "fr": "Ce n’est pas rentable", "es": "No compensa", "pt": "Não compensa", "ja": "見合いません",
	})
	each(t, worth(impact.Depends), map[string]string{
		"en": "Depends on the assumptions", "de": "Hängt von den Annahmen ab", "fr": "Cela dépend des hypothèses",
		"es": "Depende de los supuestos", "pt": "Depende das premissas", "ja": "前提によって変わります",
	})
	require.Empty(t, in(t, "en").Worth(impact.NotAsked))
}

// Every language has a template for everything, with the same places; every place
// stands for a figure.
func TestAllLanguagesSayTheSame(t *testing.T) {
	english := in(t, "en")
	for _, tag := range Tags() {
		l := in(t, tag)
		for key, template := range english.templates {
			require.Contains(t, l.templates, key, tag)
			want, got := places(template), places(l.templates[key])
			for i, place := range got { // a number and what it counts may stand in one place
				if place == "totalEvents" {
					got = append(slices.Delete(slices.Clone(got), i, i+1), "total", "events")
					break
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got, "%s: %s", tag, key)
		}
		for key := range l.templates {
			_, known := english.templates[key]
			require.True(t, known || key == "date.first" || strings.HasPrefix(key, "why."), "%s: %s", tag, key)
		}
		if tag == "en" {
			continue
		}
		for _, kind := range []slo.WarningKind{slo.NoData, slo.LowCoverage, slo.NoEvents, slo.TooFewEvents, slo.GoodAboveTotal, slo.MemberUnknown} {
			require.Contains(t, l.templates, "why."+string(kind), tag)
		}
	}
}

// All sentences can be said in all languages, and each names the figures it stands for.
func TestEverySentenceIsTracedToItsFigures(t *testing.T) {
	f := facts(150)
	f.Priced, f.Loss = true, impact.Loss{Gross: impact.Exactly(1), Excess: impact.Exactly(1)}
	f.CustomersKnown, f.Customers, f.MissingKnown, f.Missing = true, impact.Exactly(1), true, impact.Exactly(1)
	f.Declared, f.Miss, f.Policy = 1, slo.Known(0.5), "freeze"
	f.Exhausted, f.Recovers = time.Unix(0, 0), time.Unix(0, 0)
	known := map[string]bool{}
	for _, measure := range measures {
		known[measure] = true
	}
	for _, tag := range Tags() {
		for status := slo.Met; status <= slo.CannotTell; status++ {
			f.Report.Status = status
			for _, speak := range []func(*Language, Facts) Statement{(*Language).Executive, (*Language).Product, (*Language).Engineer} {
				for _, sentence := range speak(in(t, tag), f) {
					require.NotEmpty(t, sentence.From, sentence.Text)
					require.NotContains(t, sentence.Text, "{")
					for _, measure := range sentence.From {
						require.True(t, known[measure], "%q in %q", measure, sentence.Text)
					}
				}
			}
		}
	}
	said := in(t, "en").Executive(facts(30))
	require.Equal(t, []string{"status", "window", "bad_events", "total_events", "target", "budget_allowed_events"}, said[0].From)
	require.Equal(t, []string{"budget_remaining"}, said[1].From)
}
