package words

func japanese() *Language {
	return &Language{
		months: [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		// Japanese counts in myriads.
		scales: []scale{{1e12, "兆", "兆", 1}, {1e8, "億", "億", 1}, {1e4, "万", "万", 1}},
		money: moneyStyle{
			signAfter: true,
			signs:     map[string]string{"JPY": "円", "EUR": "ユーロ", "USD": "ドル", "GBP": "ポンド", "KRW": "ウォン", "INR": "ルピー", "BRL": "レアル"},
		},
		one: func(float64) bool { return false },
		templates: map[string]string{
			"between":  "{base}（{low}〜{high}）",
			"date":     "{year}年{month}月{day}日",
			"datetime": "{date} {time}（{zone}）",

			"during.day": "直近1日間", "during.days": "直近{n}日間",
			"during.hour": "直近1時間", "during.hours": "直近{n}時間",
			"during.minute": "直近1分間", "during.minutes": "直近{n}分間",
			"for.day": "直近1日間", "for.days": "直近{n}日間",
			"for.hour": "直近1時間", "for.hours": "直近{n}時間",
			"for.minute": "直近1分間", "for.minutes": "直近{n}分間",
			"since": "{date}以降",

			"events": "リクエスト", "failed": "失敗しました", "failed.one": "失敗しました",
			"slices.one": "1分間の区間", "slices": "{n}分間の区間", "slices.failed": "基準を満たしませんでした", "slices.failed.one": "基準を満たしませんでした",
			"allowed.by": "{date}までに約{allowed}",
			"met":        "達成", "at-risk": "達成（ただし要注意）", "missed": "未達", "cannot-tell-word": "判断できません",

			"not-evaluated":   "判断できません：評価を行えませんでした。",
			"no-data":         "判断できません：{for}のデータがありません。",
			"cannot-tell":     "判断できません：{why}。",
			"cannot-tell-yet": "判断できません：{why}。わかっている範囲では、{during}の{events}{total}件のうち{bad}件が{failed}。{target}という約束で許される失敗は{allowed}件です。",
			"verdict":         "{verdict}：{during}の{events}{total}件のうち{bad}件が{failed}。{target}という約束で許される失敗は{allowed}件です。",
			"left":            "許される失敗の{remaining}が残っています。",
			"times-as-many":   "これは許される数の{times}倍です。",
			"cost":            "これらの失敗による損失は約{loss}です。",
			"cost-more":       "これらの失敗による損失は約{loss}で、約束で許容した額を{excess}上回ります。",
			"customers":       "影響を受けたお客様は約{customers}人です。",
			"missing":         "このほか、障害のために失われた需要は約{missing}と推定されます。",
			"declared":        "計測に現れない申告済みのインシデントは{declared}件で、費用は約{declaredCost}です。",
			"miss":            "約束を守れなくなる確率は{miss}です。",
			"exhausted":       "このままでは、{exhausted}以降は失敗の余地がなくなります。",
			"recovers":        "これ以上失敗がなければ、{recovers}以降は再び約束を守れます。",

			"product":     "{verdict}：{during}の{events}の成功率は{sli}でした（約束は{target}）。",
			"product-yet": "わかっている範囲では、{during}の{events}の成功率は{sli}でした（約束は{target}）。",
			"may-fail":    "約束を破るまでに、あと{left}件の失敗が許されます（許される数の{remaining}）。",
			"over":        "失敗は許される数を{over}件上回っています。",
			"pace":        "{lookback}の失敗のペースは、約束が耐えられる速さの{burn}倍です。",
			"policy":      "現在の取り決め：{policy}。",

			"engineer-verdict":   "{verdict}。",
			"engineer":           "SLI {sli}、目標 {target}（{during}）：{total}件中{bad}件が不良、許容は{limit}件。",
			"budget":             "エラーバジェット消費：{consumed}。",
			"burn":               "バーンレート（{lookback}）：{burn}。",
			"coverage":           "カバレッジ：{coverage}。",
			"engineer-miss":      "目標を逃す確率：{miss}。",
			"engineer-exhausted": "このペースでのバジェット枯渇：{exhaustedAt}。",
			"engineer-recovers":  "これ以上失敗がない場合のバジェット回復：{recoversAt}。",

			"why":                  "データが足りません",
			"why.no-data":          "期間内のデータがありません",
			"why.low-coverage":     "データは期間の{coverage}しかありません",
			"why.no-events":        "期間内に何も起きていません",
			"why.too-few-events":   "目標を達成したかどうかを判断するにはイベントが少なすぎます",
			"why.good-above-total": "良好なイベントの数が総数を上回っており、2つのクエリが同じものを数えていません",
			"why.member-unknown":   "一部の約束は判断できません",
		},
	}
}
