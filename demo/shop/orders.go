package shop

import (
	"math"
	"math/rand/v2"
)

// orderValue is the sum and count of what successful checkouts were worth, in euros.
type orderValue struct{ sum, count *counter }

func newOrderValue(pod string) *orderValue {
	return &orderValue{
		sum:   newCounter("shop_order_value_euros_sum", "pod", pod),
		count: newCounter("shop_order_value_euros_count", "pod", pod),
	}
}

const (
	averageOrder = 58.0 // euros
	orderSpread  = 21.0 // standard deviation of one order, euros
	daysDiffer   = 3.0  // standard deviation of the daily averages, euros
)

// averageOrderOn is the average order of a day.
func averageOrderOn(m minute, seed uint64) float64 {
	r := rand.New(rand.NewPCG(seed, uint64(m/day)))
	return averageOrder + daysDiffer*r.NormFloat64()
}

// sell counts n orders around an average, to the cent.
func (o *orderValue) sell(r *rand.Rand, n int64, average float64) {
	if n == 0 {
		return
	}
	euros := float64(n)*average + math.Sqrt(float64(n))*orderSpread*r.NormFloat64()
	o.sum.add(max(euros, float64(n)))
	o.sum.value = math.Round(o.sum.value*100) / 100
	o.count.add(float64(n))
}
