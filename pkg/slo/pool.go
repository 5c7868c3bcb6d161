package slo

import "fmt"

// Pool is the report on several objectives together. Events are added up, and so
// are the bad events that each objective allows: the pooled target is what share
// of all events had to be good, and a busy service weighs more than a quiet one.
//
// The status is the worst of the members' own: pooled events hide a small service
// that failed behind a large one that did not. The coverage is the lowest. Events
// that two members share are counted twice.
func Pool(members []Report, rules Rules) Report {
	if len(members) == 0 {
		return Report{Status: CannotTell}
	}
	first := members[0]
	pooled := Report{From: first.From, To: first.To, End: first.End, Coverage: 1, Target: first.Target, Method: first.Method}
	raw, corrected := make([]Report, len(members)), false
	worst, unknown := Met, 0
	for i, m := range members {
		pooled.From = earlier(pooled.From, m.From)
		pooled.End = later(pooled.End, m.End)
		pooled.Counts = pooled.Counts.Add(m.Counts)
		pooled.Events = pooled.Events.Add(m.Events)
		pooled.Expected += m.Expected
		pooled.Allowed += m.Allowed
		pooled.AllowedToDate += m.AllowedToDate
		pooled.Recent = pooled.Recent.Add(m.Recent)
		pooled.RecentAllowed += m.RecentAllowed
		pooled.RecentTime = max(pooled.RecentTime, m.RecentTime)
		pooled.Measured = pooled.Measured || m.Measured
		pooled.Coverage = min(pooled.Coverage, m.Coverage)
		worst = Worse(worst, m.Status)
		if m.Status == CannotTell {
			unknown++
		}
		if raw[i] = m; m.Uncorrected != nil {
			raw[i], corrected = *m.Uncorrected, true
		}
	}
	if pooled.Counts.Total > 0 {
		pooled.Target = 1 - pooled.AllowedToDate/pooled.Counts.Total
	}
	pooled = pooled.derive(rules, pooled.To.Sub(pooled.From))
	pooled.Status = worst
	pooled.Warnings = nil
	if unknown > 0 {
		pooled.Warnings = []Warning{{MemberUnknown, fmt.Sprintf("%d of %d promises have no verdict", unknown, len(members))}}
	}
	if corrected {
		uncorrected := Pool(raw, rules)
		pooled.Uncorrected = &uncorrected
	}
	return pooled
}

// Worse is the worse of two verdicts.
func Worse(a, b Status) Status {
	if severity(b) > severity(a) {
		return b
	}
	return a
}

// severity orders verdicts from good to bad: a promise that was missed outweighs
// one that nobody can judge, and that one outweighs those that are known to be kept.
func severity(s Status) int {
	return map[Status]int{Met: 0, AtRisk: 1, CannotTell: 2, Missed: 3}[s]
}
