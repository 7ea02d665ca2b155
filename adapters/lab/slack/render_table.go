package slack

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// tableCell is a cell of a table or data_table block.
type tableCell struct {
	Type     string            `json:"type"`
	Text     string            `json:"text"`
	Value    *float64          `json:"value"`
	Elements []json.RawMessage `json:"elements"`
	Element  json.RawMessage   `json:"element"`
}

// table draws both kinds of table. The first row names the columns.
func (d *drawer) table(m *markup, raw json.RawMessage, head blockHead, depth int) error {
	var b struct {
		Caption        string              `json:"caption"`
		Rows           [][]json.RawMessage `json:"rows"`
		RowHeader      *int                `json:"row_header_column_index"`
		ColumnSettings []struct {
			Align     string `json:"align"`
			IsWrapped bool   `json:"is_wrapped"`
		} `json:"column_settings"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	label := b.Caption
	if label == "" {
		label = "Table"
	}
	// The region takes the focus so that a wide table scrolls by keyboard.
	m.open("div", "class", "bk bk-table", "role", "region", "aria-label", label, "tabindex", "0")
	m.open("table")
	if b.Caption != "" {
		m.leaf("caption", "", b.Caption)
	}
	for i, row := range b.Rows {
		m.open("tr")
		for j, cell := range row {
			class := ""
			if j < len(b.ColumnSettings) {
				class = columnClass(b.ColumnSettings[j].Align, b.ColumnSettings[j].IsWrapped)
			}
			tag, scope := "td", ""
			switch {
			case i == 0:
				tag, scope = "th", "col"
			case b.RowHeader != nil && *b.RowHeader == j:
				tag, scope = "th", "row"
			}
			m.open(tag, "scope", scope, "class", class)
			if err := d.cell(m, cell, head.BlockID, depth); err != nil {
				return err
			}
			m.close(tag)
		}
		m.close("tr")
	}
	m.close("table")
	m.close("div")
	return nil
}

func columnClass(align string, wrapped bool) string {
	class := ""
	switch align {
	case "right":
		class = "to-right"
	case "center":
		class = "to-center"
	}
	if wrapped {
		class += " wraps"
	}
	return class
}

func (d *drawer) cell(m *markup, raw json.RawMessage, blockID string, depth int) error {
	var c tableCell
	if err := json.Unmarshal(raw, &c); err != nil {
		return err
	}
	switch c.Type {
	case "raw_text":
		m.text(c.Text)
	case "raw_number":
		switch {
		case c.Text != "":
			m.text(c.Text)
		case c.Value != nil:
			m.text(number(*c.Value))
		}
	case "rich_text":
		for _, e := range c.Elements {
			if err := d.richPart(m, e, depth+1); err != nil {
				return err
			}
		}
	case "action_cell":
		d.element(m, c.Element, blockID)
	default:
		m.leaf("span", "inline-note", fmt.Sprintf("[cell type %s is not drawn here]", c.Type))
	}
	return nil
}

// number prints a value without trailing zeros.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
