package slack

import (
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

// textRoom is how long the top-level text may be. Slack advises 4,000
// characters and refuses longer ones in updates.
const textRoom = 3800

// plain is a text that Slack shows as it stands. The caller sees to its
// length and that it is not empty.
func plain(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
}

// oneLine makes data safe to show and cuts it, visibly, at a number of
// characters.
func oneLine(s string, limit int) string {
	return bot.Cut(strings.TrimSpace(bot.Inline(s)), limit)
}

// manyLines does the same for text whose line breaks matter.
func manyLines(s string, limit int) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(bot.Inline(l), " ")
	}
	return bot.Cut(strings.Trim(strings.Join(lines, "\n"), "\n"), limit)
}

// portions divides a text into parts of at most limit characters, between
// lines where it can.
func portions(s string, limit int) []string {
	var out []string
	for runes := []rune(s); len(runes) > 0; {
		end := min(limit, len(runes))
		if end < len(runes) {
			if at := strings.LastIndexByte(string(runes[:end]), '\n'); at > 0 {
				end = utf8.RuneCountInString(string(runes[:end])[:at])
			}
		}
		if part := strings.Trim(string(runes[:end]), "\n"); part != "" {
			out = append(out, part)
		}
		runes = runes[end:]
	}
	return out
}

// escaped are the characters that mean something to Slack, and what stands
// for them. Slack wants these three escaped and no others.
var escaped = map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;"}

// escape escapes once, and cuts so that the result has at most limit
// characters and no half of an entity.
func escape(s string, limit int) string {
	const note = "… (cut)"
	keep := limit - utf8.RuneCountInString(note)
	var out strings.Builder
	used, fits := 0, 0 // characters written, and bytes that fit before a note
	for _, r := range s {
		as, special := escaped[r]
		if !special {
			as = string(r)
		}
		n := utf8.RuneCountInString(as)
		if used+n > limit {
			return out.String()[:fits] + note
		}
		out.WriteString(as)
		used += n
		if used <= keep {
			fits = out.Len()
		}
	}
	return out.String()
}
