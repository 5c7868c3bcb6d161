package prom

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Four slices, which a series is seen in as said.
func TestGrowthIsCountedWhereItIsSeen(t *testing.T) {
	check := func(name string, firstSeen int, readings []reading, want ...float64) {
		t.Helper()
		got := make([]float64, 4)
		addGrowth(got, readings, firstSeen, 1)
		require.Equal(t, want, got, name)
	}
	const b = beforeGrid
	check("nothing", b, nil, 0, 0, 0, 0)
	check("steady, from a value before the grid", b, []reading{{b, 10}, {0, 12}, {1, 15}, {2, 15}, {3, 16}}, 2, 3, 0, 1)
	check("only before the grid", b, []reading{{b, 10}}, 0, 0, 0, 0)
	check("born while others were seen counts whole", b, []reading{{2, 5}, {3, 7}}, 0, 0, 5, 2)
	check("born after the first slice of the data counts whole", 0, []reading{{1, 5}, {2, 6}}, 0, 5, 1, 0)
	check("first seen when the data begins: nobody knows what was before", 1, []reading{{1, 100}, {2, 103}}, 0, 0, 3, 0)
	check("first seen in the first slice", 0, []reading{{0, 100}, {3, 104}}, 0, 0, 0, 4)
	check("a fall is a restart from zero", b, []reading{{b, 10}, {0, 4}, {1, 6}}, 4, 2, 0, 0)
	check("a restart within a slice", b, []reading{{b, 10}, {0, 13}, {0, 2}, {0, 5}}, 8, 0, 0, 0)
	check("growth over a gap lands where it is seen", b, []reading{{b, 10}, {0, 11}, {3, 30}}, 1, 0, 0, 19)
	check("a fall over a gap", b, []reading{{b, 10}, {3, 4}}, 0, 0, 0, 4)
	check("a zero stands for a restart that the series was absent in", b, []reading{{b, 5}, {1, 0}, {1, 7}}, 0, 7, 0, 0)
	check("a zero with nothing after it adds nothing", b, []reading{{b, 5}, {1, 0}}, 0, 0, 0, 0)
	check("the zero holds beyond its slice", b, []reading{{b, 5}, {1, 0}, {3, 7}}, 0, 0, 0, 7)
	check("born at zero", b, []reading{{1, 0}, {2, 3}}, 0, 0, 3, 0)
}

func TestADifferenceSubtractsGrowth(t *testing.T) {
	got := []float64{10, 10}
	addGrowth(got, []reading{{beforeGrid, 5}, {0, 9}, {1, 3}}, beforeGrid, -1)
	require.Equal(t, []float64{6, 7}, got) // 10 - 4, and 10 - 3 after a restart
}

// However finely a series is cut into slices, and however many of its readings
// between a rise and the next fall are kept, it grew by the same.
func TestTheSumDoesNotDependOnHowReadingsAreSpreadOverSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range 500 {
		n := 2 + rng.IntN(40)
		samples, truth := make([]float64, n), 0.0
		samples[0] = float64(rng.IntN(100))
		for i := 1; i < n; i++ {
			step := float64(rng.IntN(5))
			if rng.IntN(8) == 0 && samples[i-1] > 0 {
				samples[i] = float64(rng.IntN(int(samples[i-1]))) // a restart
				step = samples[i]
			} else {
				samples[i] = samples[i-1] + step
			}
			truth += step
		}
		for _, slices := range []int{1, 2, 7, n} {
			readings := []reading{{beforeGrid, samples[0]}}
			for i := 1; i < n; i++ {
				slice := (i - 1) * slices / n
				falls := i+1 < n && samples[i+1] < samples[i]
				last := i+1 == n || i*slices/n != slice
				// What lies between may be dropped, the low and high points may not.
				if falls || last || samples[i] < samples[i-1] || rng.IntN(2) == 0 {
					readings = append(readings, reading{slice, samples[i]})
				}
			}
			into, sum := make([]float64, slices), 0.0
			addGrowth(into, readings, beforeGrid, 1)
			for _, v := range into {
				sum += v
			}
			require.InDelta(t, truth, sum, 1e-9, "%v in %d slices", samples, slices)
		}
	}
}
