package grafanatest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/dataplane/sdata/numeric"
	"github.com/grafana/dataplane/sdata/reader"
	"github.com/grafana/dataplane/sdata/timeseries"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// ReadBack reads frames by the reader of Grafana's data plane, which expressions
// and alert rules use. Tables have no reader; of them it checks that all frames
// say so and that every field is named and as long as the others.
func ReadBack(frames data.Frames) error {
	if len(frames) == 0 {
		return fmt.Errorf("no frame at all; an empty answer is one frame without fields")
	}
	for _, frame := range frames {
		if frame.Meta == nil || frame.Meta.Type != frames[0].Meta.Type {
			return fmt.Errorf("frames of different types, or without any")
		}
		if _, err := frame.RowLen(); err != nil {
			return err
		}
	}
	switch frames[0].Meta.Type {
	case data.FrameTypeTable:
		for _, field := range frames[0].Fields {
			if field.Name == "" || field.Config == nil || field.Config.DisplayNameFromDS == "" {
				return fmt.Errorf("a column without a name, or without a title for readers: %q", field.Name)
			}
		}
		return nil
	case data.FrameTypeNumericMulti:
		if _, err := reader.CanReadBasedOnMeta(frames); err != nil {
			return err
		}
		collection, err := numeric.CollectionReaderFromFrames(frames)
		if err != nil {
			return err
		}
		got, err := collection.GetCollection(false)
		if err != nil {
			return err
		}
		return nothingIgnored(len(got.RemainderIndices), len(got.Refs), frames)
	case data.FrameTypeTimeSeriesMulti:
		if _, err := reader.CanReadBasedOnMeta(frames); err != nil {
			return err
		}
		collection, err := timeseries.CollectionReaderFromFrames(frames)
		if err != nil {
			return err
		}
		got, err := collection.GetCollection(true)
		if err != nil {
			return err
		}
		return nothingIgnored(len(got.RemainderIndices), len(got.Refs), frames)
	}
	return fmt.Errorf("frames of type %q, which no query type of Stakes promises", frames[0].Meta.Type)
}

// nothingIgnored makes sure that the reader found a metric in every frame.
func nothingIgnored(ignored, found int, frames data.Frames) error {
	if ignored > 0 {
		return fmt.Errorf("the data plane's reader ignores %d fields", ignored)
	}
	if empty := len(frames) == 1 && len(frames[0].Fields) == 0; !empty && found != len(frames) {
		return fmt.Errorf("the data plane's reader finds %d metrics in %d frames", found, len(frames))
	}
	return nil
}

// Instance is what an alert rule evaluates: one number with its labels. A nil
// value is "no data".
type Instance struct {
	Labels data.Labels
	Value  *float64
}

// Alert reads frames as Grafana's alert engine does, with the last value of a
// series, and refuses what makes a rule fail or fire without cause.
func Alert(frames data.Frames) ([]Instance, error) {
	var instances []Instance
	var seen []string
	for _, frame := range frames {
		if len(frame.Fields) == 0 {
			continue // no data
		}
		var numbers []*data.Field
		for _, field := range frame.Fields {
			switch {
			case field.Type().Numeric():
				numbers = append(numbers, field)
			case field.Type().Time() && frame.Meta.Type == data.FrameTypeTimeSeriesMulti:
			default:
				// A text column becomes a label, and an alert changes its identity
				// whenever the text does.
				return nil, fmt.Errorf("field %q of type %s in a frame of type %s", field.Name, field.Type(), frame.Meta.Type)
			}
		}
		if len(numbers) != 1 {
			return nil, fmt.Errorf("%d numbers in one frame; expected one for each set of labels", len(numbers))
		}
		id := numbers[0].Labels.String()
		if slices.Contains(seen, id) {
			return nil, fmt.Errorf("two numbers with the labels %s", id)
		}
		seen = append(seen, id)
		instance := Instance{Labels: numbers[0].Labels}
		for i := range numbers[0].Len() {
			v, err := numbers[0].NullableFloatAt(i)
			if err != nil {
				return nil, err
			}
			// The engine takes NaN, which is not zero, as firing.
			if v != nil && (*v != *v || strings.Contains(fmt.Sprint(*v), "Inf")) {
				return nil, fmt.Errorf("%v with the labels %s", *v, id)
			}
			instance.Value = v
		}
		if frame.Meta.Type == data.FrameTypeNumericMulti && numbers[0].Len() > 1 {
			return nil, fmt.Errorf("%d rows with the labels %s", numbers[0].Len(), id)
		}
		instances = append(instances, instance)
	}
	return instances, nil
}
