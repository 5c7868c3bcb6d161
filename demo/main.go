// The demo fills a real, embedded Prometheus with 60 days of a web shop, asks
// the built plugin what became of the shop's promises, compares the answer with
// what really happened, and shows it all in Grafana.
//
// README.md has the flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type options struct {
	plugin      string
	store       string
	port        int
	grafana     string
	grafanaPort int
	seed        uint64
	once        bool
}

func main() {
	var o options
	flag.StringVar(&o.plugin, "plugin", "", "path of the plugin binary (default: the one in dist/ of this repository)")
	flag.StringVar(&o.store, "store", "", "address of a store to write the shop to and to ask, such as VictoriaMetrics (default: the embedded Prometheus)")
	flag.IntVar(&o.port, "port", 0, "port of the embedded Prometheus on 127.0.0.1 (0: any free one)")
	flag.StringVar(&o.grafana, "grafana", "auto", `"auto" starts Grafana if there is one, "off" does not`)
	flag.IntVar(&o.grafanaPort, "grafana-port", 3000, "port of Grafana on 127.0.0.1; a free one if it is taken")
	flag.Uint64Var(&o.seed, "seed", 1, "another seed is another shop")
	flag.BoolVar(&o.once, "once", false, "print the scorecard and exit")
	flag.Parse()

	d := &demo{out: os.Stdout}
	ctx := untilInterrupted(d)
	err := errors.Join(d.run(ctx, o), d.close())
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// untilInterrupted ends the context at the first signal. At the second one the
// demo is gone at once, and so is everything it started.
func untilInterrupted(d *demo) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		d.kill()
		os.Exit(130)
	}()
	return ctx
}
