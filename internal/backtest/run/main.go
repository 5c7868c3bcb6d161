// Command run prints the back-test of the forecast. Its one argument is a CSV file of
// real demand.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/stakes-slo/stakes-slo-datasource/internal/backtest"
)

func main() {
	set := flag.String("set", "both", "tuning, hold-out or both")
	stories := flag.Int("stories", 150, "failure processes of each family")
	flag.Parse()
	if err := run(*set, *stories, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(set string, stories int, file string) error {
	var real *backtest.Demand
	if file != "" {
		demand, err := backtest.ReadCSV(file)
		if err != nil {
			return err
		}
		real = &demand
	}
	if set != "hold-out" {
		backtest.Run(backtest.Tuning(stories)).Print(os.Stdout)
		fmt.Println()
	}
	if set != "tuning" {
		backtest.Run(backtest.HoldOut(stories, real)).Print(os.Stdout)
	}
	return nil
}
