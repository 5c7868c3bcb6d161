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
	set := flag.String("set", "both", "tuning, hold-out or both")
	stories := flag.Int("stories", 150, "failure processes of each family")
	flag.Parse()
	if err := run(*set, *stories, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(set string, stories int, files []string) error {
	var real []backtest.Demand
	for _, file := range files {
		demand, err := backtest.ReadCSV(file)
		if err != nil {
			return err
		}
		real = append(real, demand)
	}
	if set != "hold-out" {
		backtest.Run(backtest.Tuning(stories)).Print(os.Stdout)
		fmt.Println()
	}
	if set != "tuning" {
		backtest.Run(backtest.HoldOut(stories, real...)).Print(os.Stdout)
	}
	return nil
}
