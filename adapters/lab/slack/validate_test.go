package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// blocksOf splits a JSON array of blocks.
func blocksOf(t testing.TB, raw string) []json.RawMessage {
	t.Helper()
	list, ok := splitBlocks(json.RawMessage(raw))
	if !ok {
		t.Fatalf("not a list of blocks: %s", raw)
	}
	return list
}

// plainText is a plain_text object.
func plainText(s string) string { return `{"type":"plain_text","text":` + string(encode(s)) + `}` }

func repeated(n int, item string) string {
	return strings.TrimSuffix(strings.Repeat(item+",", n), ",")
}

func button(fields string) string {
	return `{"type":"button","text":` + plainText("Go") + fields + `}`
}

func actions(elements string) string { return `[{"type":"actions","elements":[` + elements + `]}]` }

func input(element string) string {
	return `[{"type":"input","label":` + plainText("L") + `,"element":` + element + `}]`
}

func options(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(`{"text":%s,"value":"v%d"}`, plainText("o"), i))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func TestWhatBlockKitTakesAndRefuses(t *testing.T) {
	x := func(n int) string { return strings.Repeat("é", n) }
	section := func(fields string) string { return `[{"type":"section",` + fields + `}]` }
	rich := func(part string) string { return `[{"type":"rich_text","elements":[` + part + `]}]` }
	inRich := func(inline string) string { return rich(`{"type":"rich_text_section","elements":[` + inline + `]}`) }
	table := func(rows string) string { return `{"type":"table","rows":[` + rows + `]}` }
	cell := `{"type":"raw_text","text":"a"}`
	chart := func(chart string) string { return `[{"type":"data_visualization","title":"t","chart":` + chart + `}]` }
	container := func(title, children string) string {
		return `[{"type":"container","title":` + plainText(title) + `,"child_blocks":[` + children + `]}]`
	}
	const divider = `{"type":"divider"}`
	for _, tc := range []struct {
		name    string
		surface Surface
		blocks  string
		want    string // pointer and code; empty when it is taken
	}{
		{"fifty blocks in a message", SurfaceMessage, "[" + repeated(50, divider) + "]", ""},
		{"fifty-one blocks in a message", SurfaceMessage, "[" + repeated(51, divider) + "]", " failed_constraint"},
		{"a hundred blocks in a Home", SurfaceHome, "[" + repeated(100, divider) + "]", ""},
		{"a hundred and one blocks in a modal", SurfaceModal, "[" + repeated(101, divider) + "]", " failed_constraint"},
		{"a block that is no object", SurfaceMessage, `["x"]`, "/0 invalid_type"},
		{"a null block", SurfaceMessage, `[null]`, "/0 invalid_type"},
		{"an unknown block", SurfaceMessage, `[{"type":"poster"}]`, "/0/type invalid_type"},
		{"a block without a type", SurfaceMessage, `[{}]`, "/0/type missing_field"},
		{"a field that Slack does not know", SurfaceMessage, `[{"type":"header","text":` + plainText("x") + `,"color/red":1}]`, "/0/color~1red unknown_field"},
		{"two blocks with one id", SurfaceMessage, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "/1/block_id duplicate_value"},
		{"a block id of 256", SurfaceMessage, `[{"type":"divider","block_id":"` + x(256) + `"}]`, "/0/block_id failed_constraint"},

		{"a header of 150 code points", SurfaceMessage, `[{"type":"header","text":` + plainText(x(150)) + `}]`, ""},
		{"a header of 151", SurfaceMessage, `[{"type":"header","text":` + plainText(x(151)) + `}]`, "/0/text/text failed_constraint"},
		{"a header in mrkdwn", SurfaceMessage, `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "/0/text/type failed_constraint"},
		{"a header of level 5", SurfaceMessage, `[{"type":"header","level":5,"text":` + plainText("x") + `}]`, "/0/level failed_constraint"},
		{"an empty text", SurfaceMessage, section(`"text":{"type":"mrkdwn","text":""}`), "/0/text/text failed_constraint"},
		{"emoji on mrkdwn", SurfaceMessage, section(`"text":{"type":"mrkdwn","text":"x","emoji":true}`), "/0/text/emoji unknown_field"},
		{"a section of 3,000", SurfaceMessage, section(`"text":` + plainText(x(3000))), ""},
		{"a section of 3,001", SurfaceMessage, section(`"text":` + plainText(x(3001))), "/0/text/text failed_constraint"},
		{"a section of nothing", SurfaceMessage, section(`"block_id":"a"`), "/0/text missing_field"},
		{"ten fields", SurfaceMessage, section(`"fields":[` + repeated(10, plainText("x")) + `]`), ""},
		{"eleven fields", SurfaceMessage, section(`"fields":[` + repeated(11, plainText("x")) + `]`), "/0/fields failed_constraint"},
		{"a field of 2,001", SurfaceMessage, section(`"fields":[` + plainText(x(2001)) + `]`), "/0/fields/0/text failed_constraint"},
		{"an input as an accessory", SurfaceMessage, section(`"text":` + plainText("x") + `,"accessory":{"type":"plain_text_input"}`), "/0/accessory/type failed_constraint"},
		{"ten things in a context", SurfaceMessage, `[{"type":"context","elements":[` + repeated(10, plainText("x")) + `]}]`, ""},
		{"eleven things in a context", SurfaceMessage, `[{"type":"context","elements":[` + repeated(11, plainText("x")) + `]}]`, "/0/elements failed_constraint"},
		{"an image without words", SurfaceMessage, `[{"type":"image","image_url":"https://x.test/a.png"}]`, "/0/alt_text missing_field"},

		{"twenty-five buttons", SurfaceMessage, actions(repeated(25, button(""))), ""},
		{"twenty-six buttons", SurfaceMessage, actions(repeated(26, button(""))), "/0/elements failed_constraint"},
		{"no buttons", SurfaceMessage, actions(""), "/0/elements failed_constraint"},
		{"two actions of one id in a block", SurfaceMessage, actions(repeated(2, button(`,"action_id":"a"`))), "/0 duplicate_value"},
		{"a button of 76", SurfaceMessage, actions(`{"type":"button","text":` + plainText(x(76)) + `}`), "/0/elements/0/text/text failed_constraint"},
		{"a value of 2,001", SurfaceMessage, actions(button(`,"value":"` + x(2001) + `"`)), "/0/elements/0/value failed_constraint"},
		{"an empty address", SurfaceMessage, actions(button(`,"url":""`)), "/0/elements/0/url failed_constraint"},
		{"an unheard-of style", SurfaceMessage, actions(button(`,"style":"loud"`)), "/0/elements/0/style failed_constraint"},
		{"an action id of 256", SurfaceMessage, actions(button(`,"action_id":"` + x(256) + `"`)), "/0/elements/0/action_id failed_constraint"},
		{"a confirm dialog without a denial", SurfaceMessage, actions(button(`,"confirm":{"title":` + plainText("t") + `,"text":` + plainText("t") + `,"confirm":` + plainText("t") + `}`)), "/0/elements/0/confirm/deny missing_field"},
		{"a confirm button of 31", SurfaceMessage, actions(button(`,"confirm":{"title":` + plainText("t") + `,"text":` + plainText("t") + `,"deny":` + plainText("t") + `,"confirm":` + plainText(x(31)) + `}`)), "/0/elements/0/confirm/confirm/text failed_constraint"},
		{"a hundred options", SurfaceMessage, actions(`{"type":"static_select","options":` + options(100) + `}`), ""},
		{"a hundred and one options", SurfaceMessage, actions(`{"type":"static_select","options":` + options(101) + `}`), "/0/elements/0/options failed_constraint"},
		{"an option value of 151", SurfaceMessage, actions(`{"type":"static_select","options":[{"text":` + plainText("x") + `,"value":"` + x(151) + `"}]}`), "/0/elements/0/options/0/value failed_constraint"},
		{"an address in a select's option", SurfaceMessage, actions(`{"type":"static_select","options":[{"text":` + plainText("x") + `,"value":"v","url":""}]}`), "/0/elements/0/options/0/url unknown_field"},
		{"a start that is not offered", SurfaceMessage, actions(`{"type":"static_select","options":` + options(1) + `,"initial_option":{"text":` + plainText("x") + `,"value":"zz"}}`), "/0/elements/0/initial_option failed_constraint"},
		{"options and groups at once", SurfaceMessage, actions(`{"type":"static_select","options":` + options(1) + `,"option_groups":[{"label":` + plainText("g") + `,"options":` + options(1) + `}]}`), "/0/elements/0/option_groups failed_constraint"},
		{"groups", SurfaceMessage, actions(`{"type":"static_select","option_groups":[{"label":` + plainText("g") + `,"options":` + options(2) + `}]}`), ""},
		{"an overflow of six", SurfaceMessage, actions(`{"type":"overflow","options":` + options(6) + `}`), "/0/elements/0/options failed_constraint"},
		{"eleven radio buttons", SurfaceMessage, actions(`{"type":"radio_buttons","options":` + options(11) + `}`), "/0/elements/0/options failed_constraint"},

		{"a text input", SurfaceModal, input(`{"type":"plain_text_input","multiline":true,"max_length":3000}`), ""},
		{"a text input of 3,001", SurfaceModal, input(`{"type":"plain_text_input","max_length":3001}`), "/0/element/max_length failed_constraint"},
		{"a button as an input", SurfaceModal, input(button("")), "/0/element/type failed_constraint"},
		{"a number input that does not say whether decimals", SurfaceModal, input(`{"type":"number_input"}`), "/0/element/is_decimal_allowed missing_field"},
		{"files outside a modal", SurfaceMessage, input(`{"type":"file_input"}`), "/0/element/type unsupported_surface"},

		{"an alert in a modal", SurfaceModal, `[{"type":"alert","text":` + plainText("x") + `,"level":"error"}]`, ""},
		{"an alert in a message", SurfaceMessage, `[{"type":"alert","text":` + plainText("x") + `}]`, "/0/type unsupported_surface"},
		{"markdown in a Home", SurfaceHome, `[{"type":"markdown","text":"x"}]`, "/0/type unsupported_surface"},
		{"markdown of 12,001 in two blocks", SurfaceMessage, `[{"type":"markdown","text":"` + x(6000) + `"},{"type":"markdown","text":"` + x(6001) + `"}]`, " failed_constraint"},

		{"a table", SurfaceMessage, "[" + table("["+cell+`],[{"type":"raw_number","value":3}]`) + "]", ""},
		{"a table in a modal", SurfaceModal, "[" + table("["+cell+"]") + "]", "/0/type unsupported_surface"},
		{"two tables", SurfaceMessage, "[" + table("["+cell+"]") + "," + table("["+cell+"]") + "]", " failed_constraint"},
		{"twenty-one cells in a row", SurfaceMessage, "[" + table("["+repeated(21, cell)+"]") + "]", "/0/rows/0 failed_constraint"},
		{"a hundred and one rows", SurfaceMessage, "[" + table(repeated(101, "["+cell+"]")) + "]", "/0/rows failed_constraint"},
		{"10,001 characters in a table", SurfaceMessage, "[" + table(`[{"type":"raw_text","text":"`+x(5001)+`"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"`+x(5000)+`"}]}]}]`) + "]", "/0/rows failed_constraint"},
		{"a sortable table without a caption", SurfaceMessage, `[{"type":"data_table","rows":[[` + cell + `],[` + cell + `]]}]`, "/0/caption missing_field"},
		{"a number in the head of a sortable table", SurfaceMessage, `[{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[` + cell + `]]}]`, "/0/rows/0/0/type failed_constraint"},

		{"a pie", SurfaceMessage, chart(`{"type":"pie","segments":[{"label":"a","value":1}]}`), ""},
		{"a slice of nothing", SurfaceMessage, chart(`{"type":"pie","segments":[{"label":"a","value":0}]}`), "/0/chart/segments/0/value failed_constraint"},
		{"a line with every point", SurfaceMessage, chart(`{"type":"line","axis_config":{"categories":["a","b"]},"series":[{"name":"s","data":[{"label":"a","value":1},{"label":"b","value":-1}]}]}`), ""},
		{"a line that lacks a point", SurfaceMessage, chart(`{"type":"line","axis_config":{"categories":["a","b"]},"series":[{"name":"s","data":[{"label":"a","value":1}]}]}`), "/0/chart/series/0/data failed_constraint"},

		{"a container", SurfaceMessage, container("x", divider), ""},
		{"a container in a modal", SurfaceModal, container("x", divider), "/0/type unsupported_surface"},
		{"a container in a container", SurfaceMessage, container("x", strings.Trim(container("y", divider), "[]")), "/0/child_blocks/0/type failed_constraint"},
		{"eleven blocks in a container", SurfaceMessage, container("x", repeated(11, divider)), "/0/child_blocks failed_constraint"},
		{"one id inside and outside a container", SurfaceMessage, `[{"type":"divider","block_id":"a"},` + strings.Trim(container("x", `{"type":"divider","block_id":"a"}`), "[]") + `]`, "/1/child_blocks/0/block_id duplicate_value"},

		{"a rich text", SurfaceMessage, inRich(`{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"date","timestamp":1,"format":"{date_short}"}`), ""},
		{"a rich text with an empty piece", SurfaceMessage, inRich(`{"type":"text","text":""}`), "/0/elements/0/elements/0/text failed_constraint"},
		{"a style that is no switch", SurfaceMessage, inRich(`{"type":"text","text":"x","style":{"bold":"yes"}}`), "/0/elements/0/elements/0/style/bold invalid_type"},
		{"a list as slack-go sends it", SurfaceMessage, rich(`{"type":"rich_text_list","style":"bullet","indent":0,"border":0,"offset":0,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`), ""},
		{"a list of another style", SurfaceMessage, rich(`{"type":"rich_text_list","style":"fancy","elements":[]}`), "/0/elements/0/style failed_constraint"},
		{"text right in a rich text", SurfaceMessage, rich(`{"type":"text","text":"x"}`), "/0/elements/0/type failed_constraint"},
		{"an inline piece newer than this workspace", SurfaceMessage, inRich(`{"type":"hologram"}`), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, e := range Validate(tc.surface, blocksOf(t, tc.blocks)) {
				got = append(got, e.Pointer+" "+e.Code)
			}
			var want []string
			if tc.want != "" {
				want = []string{tc.want}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLimitsAgreeWithThePublishedList compares the limits with the
// community's machine-readable list of them.
func TestLimitsAgreeWithThePublishedList(t *testing.T) {
	folder := os.Getenv("PWSYNC_SLACK_DATA")
	if folder == "" {
		t.Skip("SKIPPED: PWSYNC_SLACK_DATA names no folder with limits.json; the limits were not compared")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "limits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var published, own any
	if err := json.Unmarshal(raw, &published); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encode(Limits()), &own); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(published, own); diff != "" {
		t.Error(diff)
	}
}

// TestLengthsCountCodePoints proves that no text is refused for its bytes.
func TestLengthsCountCodePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zé€🎉<&"\\]{1,170}`).Draw(t, "text")
		blocks := []json.RawMessage{encode(object{"type": "header", "text": object{"type": "plain_text", "text": text}})}
		taken := len(Validate(SurfaceMessage, blocks)) == 0
		if short := utf8.RuneCountInString(text) <= Limits().Header.Text.MaxLength; taken != short {
			t.Fatalf("%d code points: taken %v", utf8.RuneCountInString(text), taken)
		}
	})
}

// FuzzValidate proves that no payload breaks the validator, that what it takes
// survives the filling in of ids, and that it still takes it afterwards.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{
		buttonBlocks, `[]`, `[null]`, `[{"type":"section","fields":[1]}]`, `[{"type":{"a":1}}]`,
		`[{"type":"table","rows":[[{"type":"rich_text","elements":[{"type":"rich_text_list"}]}]]}]`,
		`[{"type":"container","title":{"type":"plain_text","text":"x"},"child_blocks":[{"type":"layout","rows":[{"items":[{"block":{"type":"divider"}}]}]}]}]`,
		`[{"type":"carousel","elements":[{"type":"card","actions":[{"type":"button"}]}]}]`,
	} {
		f.Add(seed, 0)
	}
	surfaces := []Surface{SurfaceMessage, SurfaceModal, SurfaceHome}
	f.Fuzz(func(t *testing.T, raw string, n int) {
		list, ok := splitBlocks(json.RawMessage(raw))
		if !ok {
			return
		}
		surface := surfaces[(n%3+3)%3]
		errs := Validate(surface, list)
		for _, e := range errs {
			if e.Pointer != "" && !strings.HasPrefix(e.Pointer, "/") {
				t.Errorf("%q is no pointer", e.Pointer)
			}
		}
		if len(errs) > 0 {
			return
		}
		w := &Workspace{faults: newFaultSet()}
		stored, _, problem := w.readBlocks(surface, json.RawMessage(raw))
		if problem != "" {
			t.Fatalf("%s is refused as %s when it is stored", raw, problem)
		}
		if errs := Validate(surface, stored); len(errs) > 0 {
			t.Fatalf("%s is refused once it has ids: %v", stored, errs)
		}
		for _, p := range allElements(stored) {
			if _, problem := findElement(stored, p.blockID, str(p.element["action_id"]), ""); problem != "" {
				t.Errorf("%s: %s", stored, problem)
			}
		}
	})
}
