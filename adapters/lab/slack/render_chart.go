package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// chartBlock is a data_visualization block.
type chartBlock struct {
	Title string `json:"title"`
	Chart struct {
		Type     string        `json:"type"`
		Segments []chartPoint  `json:"segments"`
		Series   []chartSeries `json:"series"`
		Axes     struct {
			Categories []string `json:"categories"`
			XLabel     string   `json:"x_label"`
			YLabel     string   `json:"y_label"`
		} `json:"axis_config"`
	} `json:"chart"`
}

type chartPoint struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

type chartSeries struct {
	Name string       `json:"name"`
	Data []chartPoint `json:"data"`
}

// tones is how many colors the style sheet offers for series.
const tones = 6

// chart draws a data_visualization block: bars for bars and shares, lines for
// lines and areas, and always the numbers in words.
func (d *drawer) chart(m *markup, raw json.RawMessage, _ blockHead, _ int) error {
	var b chartBlock
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	if len(b.Chart.Series) == 0 && len(b.Chart.Segments) == 0 {
		return errors.New("it has no data")
	}
	m.open("div", "class", "bk bk-chart", "role", "group", "aria-label", b.Title)
	m.leaf("div", "chart-title", b.Title)
	switch b.Chart.Type {
	case "pie":
		drawShares(m, b.Chart.Segments)
	case "bar":
		drawBars(m, b.Chart.Series)
	case "line", "area":
		drawLines(m, b.Chart.Series, b.Chart.Type == "area")
	default:
		return fmt.Errorf("chart type %q is not drawn here", b.Chart.Type)
	}
	if axes := strings.TrimSpace(b.Chart.Axes.YLabel + " · " + b.Chart.Axes.XLabel); axes != "·" {
		m.leaf("div", "chart-axes", strings.Trim(axes, " ·"))
	}
	m.close("div")
	return nil
}

// drawShares draws a pie as one row a slice, which shows small slices too.
func drawShares(m *markup, segments []chartPoint) {
	total := 0.0
	for _, s := range segments {
		total += math.Abs(s.Value)
	}
	for i, s := range segments {
		share := 0.0
		if total > 0 {
			share = math.Abs(s.Value) / total
		}
		drawRow(m, s.Label, number(s.Value)+" ("+strconv.Itoa(int(math.Round(share*100)))+" %)", share, i)
	}
}

func drawBars(m *markup, series []chartSeries) {
	largest := 0.0
	for _, s := range series {
		for _, p := range s.Data {
			largest = max(largest, math.Abs(p.Value))
		}
	}
	for i, s := range series {
		m.leaf("div", "chart-series", s.Name)
		for _, p := range s.Data {
			share := 0.0
			if largest > 0 {
				share = math.Abs(p.Value) / largest
			}
			drawRow(m, p.Label, number(p.Value), share, i)
		}
	}
}

// drawRow draws label, bar and value in a line.
func drawRow(m *markup, label, value string, share float64, tone int) {
	m.open("div", "class", "chart-row")
	m.leaf("span", "chart-label", label)
	m.open("svg", "class", "chart-bar", "viewBox", "0 0 100 8", "preserveAspectRatio", "none", "aria-hidden", "true")
	m.void("rect", "class", "track", "x", "0", "y", "0", "width", "100", "height", "8", "rx", "1")
	m.void("rect", "class", "tone-"+strconv.Itoa(tone%tones), "x", "0", "y", "0", "width", coordinate(share*100), "height", "8", "rx", "1")
	m.close("svg")
	m.leaf("span", "chart-value", value)
	m.close("div")
}

// drawLines draws every series over the same scale, and the numbers below.
func drawLines(m *markup, series []chartSeries, filled bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, p := range s.Data {
			low, high = min(low, p.Value), max(high, p.Value)
		}
	}
	low = min(low, 0)
	if !(high > low) { // no points at all, or all of them zero
		high = low + 1
	}
	const width, height = 480.0, 120.0
	m.open("svg", "class", "chart-lines", "viewBox", "0 0 480 120", "aria-hidden", "true")
	for i, s := range series {
		var points []string
		step := width / float64(max(1, len(s.Data)-1))
		for j, p := range s.Data {
			points = append(points, coordinate(float64(j)*step)+","+coordinate(height-(p.Value-low)/(high-low)*height))
		}
		tone := "tone-" + strconv.Itoa(i%tones)
		if filled && len(points) > 0 {
			area := append([]string{"0,120"}, points...)
			area = append(area, coordinate(float64(len(s.Data)-1)*step)+",120")
			m.void("polygon", "class", "chart-area "+tone, "points", strings.Join(area, " "))
		}
		m.void("polyline", "class", "chart-line "+tone, "points", strings.Join(points, " "))
	}
	m.close("svg")
	for i, s := range series {
		values := make([]string, 0, len(s.Data))
		for _, p := range s.Data {
			values = append(values, p.Label+" "+number(p.Value))
		}
		m.open("div", "class", "chart-legend")
		m.open("span", "class", "swatch tone-"+strconv.Itoa(i%tones), "aria-hidden", "true")
		m.close("span")
		m.leaf("strong", "", s.Name)
		m.leaf("span", "", strings.Join(values, " · "))
		m.close("div")
	}
}

// coordinate prints a length; huge values from outside end at the edge.
func coordinate(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
