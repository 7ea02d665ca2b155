package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"pgregory.net/rapid"

	lab "github.com/pwsync/pwsync/adapters/lab/slack"
	"github.com/pwsync/pwsync/bot"
	"github.com/pwsync/pwsync/checks"
)

// nasty are pieces of data that mean something to somebody.
var nasty = []string{
	"<!channel>", "<!here|x>", "<@U0VERA>", "<https://evil.example|Reset your password here>", "<!subteam^S1>", "<!date^1^{date}|x>",
	"*bold*", "_it_", "~no~", "`code`", "```", "> quote", "# head", "&amp;", "&", "&&lt;", ":smile:", "@channel", "@here",
	"CN=Doe\\, J\\2C,OU=Ünïts,DC=corp", "a\nb", "a\r\nb", "\t", "\x00", "\x1b[31m", "\u202egnp.exe", "zero\u200bwidth", "\ufeff", "\u2066x\u2069",
	"\u2028", "\u0301\u0301\u0301", "👩‍👩‍👧‍👦", "日本語", "\xff\xfe", "\xed\xa0\x80", strings.Repeat("x", 10_000), strings.Repeat("&", 4000), strings.Repeat("\"\\", 3000), "", " ",
}

func hostileText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.String()), 0, 4).Draw(t, "parts")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "glue"))
	})
}

func upTo[T any](n int, draw func(*rapid.T) T) *rapid.Generator[[]T] {
	return rapid.SliceOfN(rapid.Custom(draw), 0, n)
}

func hostileLine(t *rapid.T) bot.Line {
	return upTo(25, func(t *rapid.T) bot.Span {
		return bot.Span{
			Kind: rapid.SampledFrom([]bot.SpanKind{bot.SpanText, bot.SpanStrong, bot.SpanCode, bot.SpanLink}).Draw(t, "kind"),
			Text: hostileText().Draw(t, "text"),
			URL:  rapid.SampledFrom([]string{"", "https://learn.microsoft.com/x", "javascript:alert(1)", "https://x y", "http://" + strings.Repeat("z", 4000)}).Draw(t, "url"),
		}
	}).Draw(t, "line")
}

func hostileAction(t *rapid.T) bot.Action {
	a := bot.Action{
		ID:            rapid.SampledFrom([]string{"share", "again", "evidence", "choose-1", "", strings.Repeat("i", 300)}).Draw(t, "id"),
		Label:         hostileText().Draw(t, "label"),
		Value:         rapid.SampledFrom([]string{"", "opaque", strings.Repeat("v", 2000), strings.Repeat("v", 2001)}).Draw(t, "value"),
		Style:         rapid.SampledFrom([]bot.Style{bot.StyleDefault, bot.StylePrimary, bot.StyleDanger}).Draw(t, "style"),
		Accessibility: hostileText().Draw(t, "accessibility"),
	}
	if rapid.Bool().Draw(t, "confirm") {
		a.Confirm = &bot.Confirm{Title: hostileText().Draw(t, "title"), Text: hostileText().Draw(t, "text"), Yes: hostileText().Draw(t, "yes"), No: hostileText().Draw(t, "no"), Danger: true}
	}
	return a
}

func hostileCard(t *rapid.T) bot.Card {
	texts := rapid.SliceOfN(hostileText(), 0, 8)
	return bot.Card{
		Tone:     rapid.SampledFrom([]bot.Tone{bot.TonePlain, bot.ToneGood, bot.ToneBad, bot.ToneWarn, bot.ToneWait, bot.ToneDoubt}).Draw(t, "tone"),
		Headline: hostileText().Draw(t, "headline"),
		Lead:     texts.Draw(t, "lead"),
		Fields: upTo(30, func(t *rapid.T) bot.Field {
			return bot.Field{Label: hostileText().Draw(t, "label"), Value: hostileText().Draw(t, "value")}
		}).Draw(t, "fields"),
		Chain: upTo(7, func(t *rapid.T) checks.Link {
			return checks.Link{Name: hostileText().Draw(t, "name"), Status: rapid.SampledFrom([]checks.Status{checks.Unknown, checks.Pass, checks.Fail}).Draw(t, "status"), Detail: hostileText().Draw(t, "detail")}
		}).Draw(t, "chain"),
		Sections: upTo(rapid.SampledFrom([]int{3, 60}).Draw(t, "sections"), func(t *rapid.T) bot.Section {
			return bot.Section{
				Title:    hostileText().Draw(t, "title"),
				Lines:    upTo(4, hostileLine).Draw(t, "lines"),
				Bullets:  rapid.Bool().Draw(t, "bullets"),
				Verbatim: hostileText().Draw(t, "verbatim"),
				Steps: upTo(3, func(t *rapid.T) checks.Step {
					return checks.Step{Text: hostileText().Draw(t, "text"), Command: hostileText().Draw(t, "command"), Where: hostileText().Draw(t, "where")}
				}).Draw(t, "steps"),
			}
		}).Draw(t, "parts"),
		Choices: upTo(7, func(t *rapid.T) bot.Choice {
			return bot.Choice{Line: hostileLine(t), Action: hostileAction(t)}
		}).Draw(t, "choices"),
		Actions: upTo(30, hostileAction).Draw(t, "actions"),
		Footer:  texts.Draw(t, "footer"),
	}
}

func TestEveryCardFitsIntoSlackWhateverTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		card := hostileCard(t)
		for _, f := range forms {
			c := f.render(card)
			for _, problem := range unfit(c) {
				t.Errorf("%s: %s", f.name, problem)
			}
		}
	})
}

// unfit lists what is wrong with a message: by the local workspace's judgment
// of blocks, by slack-go's, and by rules of our own.
func unfit(c content) []string {
	var out []string
	raw := rawBlocks(c.blocks)
	for _, surface := range []lab.Surface{lab.SurfaceMessage, lab.SurfaceHome} {
		if len(raw) == 0 {
			break
		}
		for _, e := range lab.Validate(surface, raw) {
			out = append(out, fmt.Sprintf("%s: %s %s", surface, e.Pointer, e.Code))
		}
	}
	whole, err := json.Marshal(slackgo.Blocks{BlockSet: c.blocks})
	if err != nil {
		return append(out, err.Error())
	}
	if size := len(whole) + len(c.text); size > 40_000 {
		out = append(out, fmt.Sprintf("the message has %d bytes", size))
	}
	if n := utf8.RuneCountInString(c.text); n == 0 || n > textRoom {
		out = append(out, fmt.Sprintf("the text has %d characters", n))
	}
	if !utf8.ValidString(c.text) || strings.ContainsAny(unentity(c.text), "<>&") {
		out = append(out, "the text is not escaped: "+c.text)
	}
	s := &survey{ids: map[string]bool{}}
	var tree any
	if err := json.Unmarshal(whole, &tree); err != nil {
		return append(out, err.Error())
	}
	s.walk(tree)
	if s.primaries > 1 {
		out = append(out, "more than one primary button")
	}
	return append(out, s.problems...)
}

// unentity takes the three entities out.
func unentity(s string) string {
	return strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(s)
}

func rawBlocks(blocks []slackgo.Block) []json.RawMessage {
	var out []json.RawMessage
	for _, b := range blocks {
		raw, err := json.Marshal(b)
		if err != nil {
			panic(err)
		}
		out = append(out, raw)
	}
	return out
}

// survey looks at every text and element of a message.
type survey struct {
	ids       map[string]bool
	primaries int
	problems  []string
}

func (s *survey) fail(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

func (s *survey) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			s.walk(item)
		}
	case map[string]any:
		s.object(v)
		for _, item := range v {
			s.walk(item)
		}
	}
}

func (s *survey) object(o map[string]any) {
	kind, _ := o["type"].(string)
	text, isText := o["text"].(string)
	switch kind {
	case "mrkdwn":
		if strings.ContainsAny(unentity(text), "<>&") || strings.ContainsAny(strings.Trim(text, "*"), "*~`") {
			s.fail("mrkdwn is not escaped: %q", text)
		}
		if err := (slackgo.TextBlockObject{Type: kind, Text: text}).Validate(); err != nil {
			s.fail("%v", err)
		}
	case "plain_text":
		if o["emoji"] != false {
			s.fail("emoji codes become pictures in %q", text)
		}
		if err := (slackgo.TextBlockObject{Type: kind, Text: text}).Validate(); err != nil {
			s.fail("%v", err)
		}
	case "button":
		if id := o["action_id"].(string); s.ids[id] {
			s.fail("action id %q stands twice", id)
		} else {
			s.ids[id] = true
		}
		if o["style"] == "primary" {
			s.primaries++
		}
	case "user", "usergroup", "broadcast", "channel", "emoji", "color", "date":
		s.fail("rich text holds a %s", kind)
	case "link":
		if url, _ := o["url"].(string); !strings.HasPrefix(url, "http") {
			s.fail("link to %q", url)
		}
	}
	if !isText {
		return
	}
	if i := strings.IndexFunc(text, hidden); i >= 0 || !utf8.ValidString(text) {
		s.fail("hidden character in %.60q", text[max(i, 0):])
	}
	if text == "" {
		s.fail("empty text in %v", o)
	}
}

// hidden are the characters that nobody sees: line breaks apart, whatever
// controls or reorders.
func hidden(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}

// exampleCard has one of everything.
func exampleCard() bot.Card {
	return bot.Card{
		Tone:     bot.ToneBad,
		Headline: "The new password of Zoë <Admin> is blocked",
		Lead:     []string{"The password is temporary.", "Tell the caller to set a password of their own & sign in again."},
		Fields:   []bot.Field{{Label: "Password set", Value: "today 09:12 UTC"}, {Label: "Domain", Value: "corp.example <!channel>"}},
		Chain:    []checks.Link{{Name: "AD", Status: checks.Pass, Detail: "found"}, {Name: "Metaverse", Status: checks.Fail, Detail: "not joined"}, {Name: "Password hash"}},
		Sections: []bot.Section{
			{Title: "What was seen", Bullets: true, Lines: []bot.Line{
				{{Text: "DN "}, {Kind: bot.SpanCode, Text: `CN=Doe\, J,OU=*x*`}}, {{Kind: bot.SpanLink, Text: "Microsoft Learn", URL: "https://learn.microsoft.com/entra"}},
			}},
			{Title: "What to do", Steps: []checks.Step{{Text: "Set the feature", Where: "Connect server", Command: "Set-ADSyncAADCompanyFeature -X $true\nGet-It"}}},
			{Verbatim: "line one\nline two"},
		},
		Choices: []bot.Choice{{Line: bot.Line{{Text: "anna, corp.example"}}, Action: bot.Action{ID: "choose-1", Label: "Check This One", Value: "c1"}}},
		Actions: []bot.Action{
			{ID: "share", Label: "Share to Channel", Value: "v1", Confirm: &bot.Confirm{Title: "Share this?", Text: "Everybody sees it.", Yes: "Share", No: "Cancel"}},
			{ID: "again", Label: "Check Again", Value: "v1", Style: bot.StylePrimary, Accessibility: "Check the user again"},
		},
		Footer: []string{"Facts are 3 s old", "read from lab"},
	}
}

func TestACardIsDrawnInReadingOrder(t *testing.T) {
	c := renderFull(exampleCard())
	if problems := unfit(c); len(problems) > 0 {
		t.Fatal(problems)
	}
	var kinds []string
	for _, b := range decodeBlocks(t, rawBlocks(c.blocks)) {
		kinds = append(kinds, b["type"].(string))
	}
	want := []string{"header", "rich_text", "section", "rich_text", "rich_text", "rich_text", "rich_text", "section", "actions", "context"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	all := string(mustJSON(t, c.blocks))
	for _, text := range []string{
		`"text":"✗ The new password of Zoë \u003cAdmin\u003e is blocked"`, // no escaping in plain text
		`{"type":"mrkdwn","text":"*Domain*","verbatim":true},{"type":"plain_text","text":"corp.example \u003c!channel\u003e","emoji":false}`,
		`"text":"✓ OK "`, `"text":"✗ Problem "`, `"text":"? Not known "`,
		`{"type":"text","text":"CN=Doe\\, J,OU=*x*","style":{"code":true}}`,
		`"url":"https://learn.microsoft.com/entra"`,
		`{"type":"text","text":" (Connect server)","style":{"italic":true}}`,
		`"text":"line one\nline two"`,
		`"accessibility_label":"Check the user again"`,
		`"text":"Facts are 3 s old · read from lab"`,
	} {
		if !strings.Contains(all, text) {
			t.Errorf("%s is not in %s", text, all)
		}
	}
	if !strings.Contains(c.text, "Zoë &lt;Admin&gt;") || !strings.Contains(c.text, "corp.example &lt;!channel&gt;") {
		t.Errorf("the text is not escaped once: %s", c.text)
	}
}

// Every card that the bot's own tests hold to be right must fit.
func TestTheBotsOwnCardsFit(t *testing.T) {
	files, err := filepath.Glob("../testdata/cards/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cards: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var card bot.Card
			if err := json.Unmarshal(raw, &card); err != nil || card.Headline == "" {
				t.Fatalf("headline %q, %v", card.Headline, err)
			}
			for _, f := range forms {
				c := f.render(card)
				for _, problem := range unfit(c) {
					t.Errorf("%s: %s", f.name, problem)
				}
				if f.name == "full" && strings.Contains(string(mustJSON(t, c.blocks)), "are left out") {
					t.Error("a card of ordinary size is cut")
				}
			}
		})
	}
}

func TestPortionsLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-zä€\n]{0,30}`)).Draw(t, "parts"), "\n")
		var letters strings.Builder
		for _, part := range portions(s, 20) {
			if utf8.RuneCountInString(part) > 20 || part == "" {
				t.Errorf("portion %q", part)
			}
			letters.WriteString(part)
		}
		bare := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
		if bare(letters.String()) != bare(s) {
			t.Errorf("%q became %q", s, letters.String())
		}
	})
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatIsCutSaysSo(t *testing.T) {
	long := bot.Card{Headline: strings.Repeat("ä", 500), Actions: []bot.Action{{ID: "again", Label: "Check Again", Value: "v"}}, Footer: []string{"The end"}}
	for i := range 200 {
		long.Sections = append(long.Sections, bot.Section{Title: fmt.Sprint("Part ", i), Lines: []bot.Line{{{Text: strings.Repeat("<", 2000)}}}})
	}
	c := renderFull(long)
	if problems := unfit(c); len(problems) > 0 {
		t.Fatal(problems)
	}
	all := string(mustJSON(t, c.blocks))
	for _, want := range []string{"more characters)", "more lines are left out.", "Check Again", "The end"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestEveryLineWithoutARoomIsCounted(t *testing.T) {
	var many bot.Card
	for range 60 {
		many.Sections = append(many.Sections, bot.Section{Lines: []bot.Line{{{Text: "one"}}, {{Text: "two"}}}})
	}
	c := renderFull(many)
	left := maxBlocks - 4 // header, buttons, footer and this note
	want := fmt.Sprintf("%d more lines are left out.", 2*(60-left))
	if all := string(mustJSON(t, c.blocks)); !strings.Contains(all, want) {
		t.Errorf("%q is missing in %s", want, all)
	}
}

func TestAButtonThatCouldNotWorkIsNotDrawn(t *testing.T) {
	actions := drawActions(newInk(), []bot.Action{
		{ID: "a", Label: "Good", Value: "v"},
		{ID: "b", Label: "Bad", Value: strings.Repeat("v", maxButtonValue+1)},
		{ID: "c", Label: " ", Value: "v"},
		{Label: "No id"},
	})
	if n := len(actions.(*slackgo.ActionBlock).Elements.ElementSet); n != 1 {
		t.Errorf("%d buttons, want 1", n)
	}
	if drawActions(newInk(), nil) != nil {
		t.Error("no buttons make a block")
	}
}

func TestActionIDsAreUniqueAndFindTheirWayBack(t *testing.T) {
	k := newInk()
	var got []string
	for _, id := range []string{"choose", "choose", "choose-1", "choose"} {
		got = append(got, k.unique(id))
	}
	if want := []string{"choose", "choose#2", "choose-1", "choose#3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if name := actionName("choose#3"); name != "choose" {
		t.Errorf("name %q", name)
	}
}

func TestEscapingIsDoneOnceAndCutsNoEntity(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"the three characters", "a<b>&c", "a&lt;b&gt;&amp;c"},
		{"an entity is data", "&amp;", "&amp;amp;"},
		{"others stay", `*_~"'\`, `*_~"'\`},
		{"what fits is not cut", strings.Repeat("x", 20), strings.Repeat("x", 20)},
		{"what does not fit says so", strings.Repeat("x", 21), strings.Repeat("x", 13) + "… (cut)"},
		{"an entity is cut as a whole", strings.Repeat("&", 5), "&amp;&amp;… (cut)"},
	} {
		if got := escape(c.in, 20); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, 40)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 10 + max(limit, 0)%5000
		got := escape(bot.Inline(s), limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("%d characters, limit %d", n, limit)
		}
		if strings.ContainsAny(unentity(got), "<>&") {
			t.Errorf("not escaped: %q", got)
		}
	})
}
