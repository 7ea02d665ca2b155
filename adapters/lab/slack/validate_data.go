package slack

import (
	"fmt"
	"unicode/utf8"
)

// Rules of the blocks that show data: tables, sortable tables and charts.

func (c *checker) tableBlock(ptr string, b object) {
	c.tables++
	total := c.cells(ptr, b, oneTo(tableRows), oneTo(tableColumns), func(ptr string, _ int, cell object) int {
		return c.cell(ptr, cell, Range{}, "raw_text", "raw_number", "rich_text")
	})
	if total > tableText {
		c.fail(ptr+"/rows", codeConstraint, "max_length", tableText)
	}
	for i, setting := range c.list(ptr, b, "column_settings", optional, atMost(tableColumns)) {
		// A null leaves a column as it is.
		if o, ok := setting.(object); ok {
			at := fmt.Sprintf("%s/column_settings/%d", ptr, i)
			c.oneOf(at, o, "align", optional, "left", "center", "right")
			c.boolean(at, o, "is_wrapped")
		}
	}
}

func (c *checker) dataTableBlock(ptr string, b object) {
	l := limits.DataTable
	c.text(ptr, b, "caption", required, Range{})
	c.integer(ptr, b, "page_size", l.PageSize)
	total := c.cells(ptr, b, l.Rows, l.Columns, func(ptr string, row int, cell object) int {
		if row == 0 {
			return c.cell(ptr, cell, l.CellText, "raw_text")
		}
		return c.cell(ptr, cell, l.CellText, "raw_text", "raw_number", "rich_text", "action_cell")
	})
	if total > l.Content.MaxLength {
		c.fail(ptr+"/rows", codeConstraint, "max_length", l.Content.MaxLength)
	}
}

// cell checks one table cell and returns how many characters it shows.
func (c *checker) cell(ptr string, cell object, text Range, allowed ...string) int {
	switch c.oneOf(ptr, cell, "type", required, allowed...) {
	case "raw_text":
		// Slack takes an empty cell in a table, not in a data table.
		s, ok := cell["text"].(string)
		if !ok {
			c.fail(ptr+"/text", codeMissing)
		}
		c.length(ptr+"/text", s, text)
		return utf8.RuneCountInString(s)
	case "raw_number":
		c.number(ptr, cell, "value", required)
		return utf8.RuneCountInString(fmt.Sprint(cell["value"]))
	case "rich_text":
		return c.richText(ptr, cell)
	case "action_cell":
		c.object(ptr, cell, "element", required, func(ptr string, el object) { c.element(ptr, el, inActions) })
	}
	return 0
}

func (c *checker) chartBlock(ptr string, b object) {
	c.charts++
	c.text(ptr, b, "title", required, limits.DataVisualization.Title)
	c.object(ptr, b, "chart", required, func(ptr string, chart object) {
		if c.oneOf(ptr, chart, "type", required, "pie", "bar", "area", "line") == "pie" {
			c.pie(ptr, chart)
			return
		}
		c.plot(ptr, chart)
	})
}

func (c *checker) pie(ptr string, chart object) {
	l := limits.DataVisualization
	c.objects(ptr, chart, "segments", required, l.Segments, func(ptr string, s object) {
		c.text(ptr, s, "label", required, l.Segment.Label)
		if v, ok := c.number(ptr, s, "value", required); ok && v <= float64(*l.Segment.Value.ExclusiveMin) {
			c.fail(ptr+"/value", codeConstraint, "exclusive_min", *l.Segment.Value.ExclusiveMin)
		}
	})
}

// plot checks a bar, area or line chart: every series has exactly one point
// for every category.
func (c *checker) plot(ptr string, chart object) {
	l := limits.DataVisualization
	categories := map[string]bool{}
	c.object(ptr, chart, "axis_config", required, func(ptr string, axis object) {
		for i, v := range c.list(ptr, axis, "categories", required, l.Categories) {
			c.length(fmt.Sprintf("%s/categories/%d", ptr, i), str(v), l.CategoryLabel)
			categories[str(v)] = true
		}
		c.text(ptr, axis, "x_label", optional, l.AxisLabel)
		c.text(ptr, axis, "y_label", optional, l.AxisLabel)
	})
	names := map[string]bool{}
	c.objects(ptr, chart, "series", required, l.Series, func(ptr string, series object) {
		name := c.text(ptr, series, "name", required, l.SeriesName)
		if names[name] {
			c.fail(ptr+"/name", codeDuplicate)
		}
		names[name] = true
		points := map[string]bool{}
		c.objects(ptr, series, "data", required, l.Data, func(ptr string, point object) {
			label := c.text(ptr, point, "label", required, l.PointLabel)
			if !categories[label] || points[label] {
				c.fail(ptr+"/label", codeConstraint, "enum", sortedKeys(categories))
			}
			points[label] = true
			c.number(ptr, point, "value", required)
		})
		if len(points) < len(categories) {
			c.fail(ptr+"/data", codeConstraint, "min_items", len(categories))
		}
	})
}
