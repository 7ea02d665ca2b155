package slack

import (
	"strconv"
	"strings"
)

// emojiByName holds the short names that status messages use. Slack knows
// thousands; a name that is not here stays visible as it was written, which is
// also how Slack shows a name that it does not know.
var emojiByName = map[string]string{
	"white_check_mark":            "✅",
	"heavy_check_mark":            "✔️",
	"x":                           "❌",
	"no_entry":                    "⛔",
	"no_entry_sign":               "🚫",
	"warning":                     "⚠️",
	"hourglass":                   "⌛",
	"hourglass_flowing_sand":      "⏳",
	"question":                    "❓",
	"grey_question":               "❔",
	"exclamation":                 "❗",
	"information_source":          "ℹ️",
	"lock":                        "🔒",
	"unlock":                      "🔓",
	"key":                         "🔑",
	"arrows_counterclockwise":     "🔄",
	"arrow_right":                 "➡️",
	"arrow_down":                  "⬇️",
	"rotating_light":              "🚨",
	"bell":                        "🔔",
	"no_bell":                     "🔕",
	"mag":                         "🔍",
	"eyes":                        "👀",
	"bulb":                        "💡",
	"wrench":                      "🔧",
	"hammer_and_wrench":           "🛠️",
	"gear":                        "⚙️",
	"link":                        "🔗",
	"clipboard":                   "📋",
	"memo":                        "📝",
	"chart_with_upwards_trend":    "📈",
	"clock3":                      "🕒",
	"calendar":                    "📅",
	"shield":                      "🛡️",
	"busts_in_silhouette":         "👥",
	"bust_in_silhouette":          "👤",
	"robot_face":                  "🤖",
	"wave":                        "👋",
	"tada":                        "🎉",
	"thumbsup":                    "👍",
	"+1":                          "👍",
	"thumbsdown":                  "👎",
	"-1":                          "👎",
	"red_circle":                  "🔴",
	"large_yellow_circle":         "🟡",
	"large_green_circle":          "🟢",
	"large_blue_circle":           "🔵",
	"white_circle":                "⚪",
	"black_circle":                "⚫",
	"heavy_minus_sign":            "➖",
	"double_vertical_bar":         "⏸️",
	"arrow_forward":               "▶️",
	"black_square_for_stop":       "⏹️",
	"electric_plug":               "🔌",
	"satellite_antenna":           "📡",
	"wastebasket":                 "🗑️",
	"heavy_exclamation_mark":      "❗",
	"grey_exclamation":            "❕",
	"ballot_box_with_check":       "☑️",
	"negative_squared_cross_mark": "❎",
}

// emojiAt reads a short name that starts with the colon at s[0]. It returns
// the name and how many bytes it took, or a zero length when there is none.
func emojiAt(s string) (name string, length int) {
	const longest = 40
	for i := 1; i < len(s) && i <= longest; i++ {
		c := s[i]
		switch {
		case c == ':':
			if i == 1 {
				return "", 0
			}
			return s[1:i], i + 1
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_', c == '-', c == '+':
		default:
			return "", 0
		}
	}
	return "", 0
}

// emoji draws one emoji so that it also has a name for those who cannot see it.
func (m *markup) emoji(name string) {
	glyph, known := emojiByName[name]
	if !known {
		m.text(":" + name + ":")
		return
	}
	m.glyph(name, glyph)
}

func (m *markup) glyph(name, glyph string) {
	m.open("span", "class", "emoji", "role", "img", "aria-label", strings.ReplaceAll(name, "_", " "), "title", ":"+name+":")
	m.text(glyph)
	m.close("span")
}

// textWithEmoji writes plain text in which only short names mean something.
func (m *markup) textWithEmoji(s string) {
	start := 0
	for i := 0; i < len(s); {
		if s[i] != ':' {
			i++
			continue
		}
		name, n := emojiAt(s[i:])
		if n == 0 || emojiByName[name] == "" {
			i++
			continue
		}
		m.text(s[start:i])
		m.emoji(name)
		i += n
		start = i
	}
	m.text(s[start:])
}

// fromCodePoints reads Slack's way to write an emoji: code points in
// hexadecimal, joined by hyphens.
func fromCodePoints(s string) (string, bool) {
	const longest = 12 // the longest families join about ten code points
	parts := strings.Split(s, "-")
	if len(parts) > longest {
		return "", false
	}
	var glyph strings.Builder
	for _, part := range parts {
		n, err := strconv.ParseUint(part, 16, 21)
		if err != nil || n < 0xa0 && len(parts) == 1 || n > 0x10ffff {
			return "", false
		}
		glyph.WriteRune(rune(n))
	}
	return glyph.String(), true
}
