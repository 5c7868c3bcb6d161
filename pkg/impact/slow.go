package impact

import (
	"fmt"
	"math"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// Abandonment is one step of a curve: of the events slower than Above, and not slower
// than the next step's, a share is abandoned because of the wait. Events that are not
// slower than the first step's lose nothing to it.
type Abandonment struct {
	Above float64 // seconds, above 0
	Share Range   // in [0, 1]
}

// Bucket is one bucket of a latency histogram, not cumulative: the events slower
// than the bucket before and at most UpTo.
type Bucket struct {
	UpTo  float64 // seconds; +Inf for the last bucket
	Count float64
}

// Abandoned is how many events were lost to waiting: the sum over the buckets of
// events x share abandoned.
//
// Where a bucket holds latencies of several steps of the curve, nobody knows how its
// events divide among them: the range reaches from the smallest to the largest of
// their shares, the best estimate is halfway between the outer ones, and a warning
// says so. Nothing is interpolated.
func Abandoned(curve []Abandonment, buckets []Bucket) (Range, []slo.Warning, error) {
	if err := checkCurve(curve); err != nil {
		return Range{}, nil, err
	}
	var lost Range
	from, straddling := math.Inf(-1), 0.0
	for i, b := range buckets {
		if !(b.UpTo > from) {
			return Range{}, nil, fmt.Errorf("latency bucket %d ends at %v s, after one that ends at %v s; expected rising bounds", i+1, b.UpTo, from)
		}
		share, exact := shareWithin(curve, from, b.UpTo)
		if !exact {
			straddling += b.Count
		}
		lost = lost.Add(share.Scale(b.Count))
		from = b.UpTo
	}
	if straddling > 0 {
		return lost, []slo.Warning{{Kind: Straddles, Text: "latency buckets do not end where the abandonment curve does: the loss is given as a wider range"}}, nil
	}
	return lost, nil, nil
}

// shareWithin is the share abandoned among events with a latency in (from, to], and
// whether one step of the curve holds them all.
func shareWithin(curve []Abandonment, from, to float64) (Range, bool) {
	met := []Range{{}} // before the first step nothing is lost
	for _, step := range curve {
		switch {
		case step.Above <= from:
			met = []Range{step.Share}
		case step.Above < to:
			met = append(met, step.Share)
		}
	}
	all := met[0]
	least, most := all.Base, all.Base
	for _, s := range met[1:] {
		all = Range{Low: min(all.Low, s.Low), High: max(all.High, s.High)}
		least, most = min(least, s.Base), max(most, s.Base)
	}
	all.Base = (least + most) / 2
	return all, len(met) == 1
}

func checkCurve(curve []Abandonment) error {
	if len(curve) == 0 {
		return fmt.Errorf("the abandonment curve has no steps; expected at least one, such as 5 %% above 1 s")
	}
	before := 0.0
	for i, step := range curve {
		if !(step.Above > before) {
			return fmt.Errorf("step %d of the abandonment curve begins above %v s, after one that begins above %v s; expected rising bounds", i+1, step.Above, before)
		}
		if err := step.Share.check(fmt.Sprintf("the share abandoned in step %d", i+1), 0, 1); err != nil {
			return err
		}
		before = step.Above
	}
	return nil
}
