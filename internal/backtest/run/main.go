// Command run prints the back-test of the forecast. Its arguments are CSV
// files of real demand.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/stakes-slo/stakes-slo-datasource/internal/backtest"
)

func main() {
	stories := flag.Int("stories", 600, "failure processes of each family")
	tune := flag.Bool("tune", false, "judge on the tuning set only, with the files as its demand")
	flag.Parse()
	if err := run(*stories, *tune, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run judges on the tuning set, on the hold-out set with made-up demand and, where
// there are files, on the hold-out set with theirs. To tune is to look at the tuning set
// alone, so that the hold-out set stays unseen.
func run(stories int, tune bool, files []string) error {
	var real []backtest.Demand
	for _, file := range files {
		demand, err := backtest.ReadCSV(file)
		if err != nil {
			return err
		}
		real = append(real, demand)
	}
	sets := []backtest.Set{backtest.Tuning(stories)}
	if tune && len(real) > 0 {
		sets = append(sets, backtest.Tuning(stories, real...))
	}
	if !tune {
		sets = append(sets, backtest.HoldOut(stories))
		if len(real) > 0 {
			sets = append(sets, backtest.HoldOut(stories, real...))
		}
	}
	for _, set := range sets {
		if err := backtest.Run(set).Print(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}
