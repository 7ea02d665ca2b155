package checks

import (
	"sort"
	"strings"
)

// fill replaces the placeholders (<connector>, <dn>, …) by what is known. A
// placeholder without a value stays as it is, which tells the reader what to
// put there. In a command, values stand inside single quotes and are quoted for
// PowerShell, which also takes typographic quotes for quotes.
func (s Step) fill(vars map[string]string) Step {
	s.Text = replaceAll(s.Text, vars, plainValue)
	s.Where = replaceAll(s.Where, vars, plainValue)
	s.Command = replaceAll(s.Command, vars, quotedValue)
	return s
}

func replaceAll(text string, vars map[string]string, value func(string) string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	names := make([]string, 0, len(vars))
	for name := range vars {
		names = append(names, name)
	}
	sort.Strings(names)
	pairs := make([]string, 0, 2*len(names))
	for _, name := range names {
		if vars[name] != "" {
			pairs = append(pairs, "<"+name+">", value(vars[name]))
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func plainValue(v string) string { return oneLine(v) }

// quotedValue doubles whatever PowerShell reads as a single quote.
func quotedValue(v string) string {
	var b strings.Builder
	for _, r := range oneLine(v) {
		switch r {
		case '\'', '\u2018', '\u2019', '\u201A', '\u201B':
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// oneLine keeps a value from breaking out of its line: control characters
// become blanks.
func oneLine(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, v)
}
