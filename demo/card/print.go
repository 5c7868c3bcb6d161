package card

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// Width is what the table fits into, in characters.
const Width = 120

// Print writes two lines per promise: the numbers, and what was promised.
func (c Scorecard) Print(w io.Writer, truth map[string]shop.Counts) {
	lines := [][]string{{"SLO", "status", "SLI", "target", "budget left", "burn", "failures", "truth", "lost", "owner"}}
	for _, row := range c.Rows {
		lines = append(lines, []string{
			row.name(), row.Status.String(), percent(row.SLI, 3), target(row.Target),
			percent(row.BudgetRemaining, 0), times(row.BurnRate),
			events(row.Bad), beside(row, truth), money(row.Loss, c.Currency), orUnknown(row.Owner),
		})
	}
	widths := widest(lines)
	for i, line := range lines {
		fmt.Fprintln(w, "  "+strings.TrimRight(align(line, widths), " "))
		if i > 0 {
			fmt.Fprintln(w, "    "+cut(c.below(c.Rows[i-1]), Width-4))
		}
	}
}

func (r Row) name() string {
	if r.Objective == "" {
		return r.SLO
	}
	return r.SLO + "/" + r.Objective
}

// below is the second line: the promise and the range of the loss.
func (c Scorecard) below(r Row) string {
	line := orUnknown(r.Promise)
	if r.LossLow != nil && r.LossHigh != nil && *r.LossHigh > *r.LossLow {
		line += fmt.Sprintf("  (lost between %s and %s)", money(r.LossLow, c.Currency), money(r.LossHigh, c.Currency))
	}
	return line
}

func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return text
}

// leftAligned are the columns of words; the others are numbers.
var leftAligned = map[int]bool{0: true, 1: true, 7: true, 9: true}

func align(line []string, widths []int) string {
	var b strings.Builder
	for i, cell := range line {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if leftAligned[i] {
			b.WriteString(cell + pad + "  ")
		} else {
			b.WriteString(pad + cell + "  ")
		}
	}
	return b.String()
}

func widest(lines [][]string) []int {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// cut shortens a text to a number of characters.
func cut(text string, to int) string {
	runes := []rune(text)
	if len(runes) <= to {
		return text
	}
	return string(runes[:to-1]) + "…"
}

// PrintStatements writes what an executive is told, wrapped to the width.
func PrintStatements(w io.Writer, all []Statement) {
	for _, s := range all {
		for i, line := range wrap(s.Executive, Width-4) {
			if i == 0 {
				fmt.Fprintln(w, "  • "+line)
				continue
			}
			fmt.Fprintln(w, "    "+line)
		}
	}
}

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
